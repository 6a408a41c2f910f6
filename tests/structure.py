#!/usr/bin/env python3
"""The house's own rules, read from the files themselves: prints "ok NAME" or "not ok NAME: why" a line.

  - includes go down the ladder of src/LAYERS only, never up, never sideways
  - src/LAYERS, ARCHITECTURE.md and the folders of src/ name the same rooms
  - each header compiles alone; each .c stands beside its .h or is named in no other folder
  - only store/ includes sqlite3.h or libpq-fe.h; only freehold.c defines main
  - files of code stay below 800 lines
  - the source that the program hands out is whole without git too
  - nothing that changes lives outside of a struct, but the process's own few of base/ (read from the objects the compiler made)

usage: tests/structure.py [BUILD-FOLDER]
"""
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
BUILD = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
# The process's own: its last id, its log level, each thread's last error.
PROCESS_OWN = {("base_id.c.o", "newest"), ("base_log.c.o", "least"), ("base_err.c.o", "slot")}
VARIABLE = re.compile(r"^[0-9a-f]+ .{7} (?:\*COM\*|\.t?(?:data|bss)(?!\.rel\.ro)\S*)\t\S+ +(?:\.hidden )?(\S+)$", re.M)
failures = 0


def report(name, problems):
    global failures
    failures += bool(problems)
    print(f"not ok {name}: {'; '.join(problems[:12])}" if problems else f"ok {name}")


def ladder():
    allowed = {}
    for line in (SRC / "LAYERS").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            room, _, below = line.partition(":")
            allowed[room.strip()] = set(below.split())
    return allowed


def room(path):
    parts = path.relative_to(SRC).parts
    return parts[0]


def sources(pattern):
    return sorted(p for p in SRC.rglob(pattern) if p.is_file())


def check_layers(allowed):
    problems = []
    for path in sources("*.[ch]"):
        here = room(path)
        for kind, name in INCLUDE.findall(path.read_text()):
            there = name.split("/")[0]
            if kind == '"' and there in allowed and there != here and there not in allowed.get(here, set()):
                problems.append(f"{path.relative_to(ROOT)} includes {name}")
    report("includes go down the ladder", problems)


def check_map(allowed):
    folders = {p.name for p in SRC.iterdir() if p.is_dir() and any(p.rglob("*.[ch]"))}
    text = (ROOT / "ARCHITECTURE.md").read_text()
    problems = [f"src/{f} is not in src/LAYERS" for f in sorted(folders - set(allowed))]
    problems += [f"src/{f}/ is not in ARCHITECTURE.md" for f in sorted(folders) if f"`{f}/`" not in text]
    drawn = set(re.findall(r"^\| `(\w+)/`", text, re.M))
    problems += [f"ARCHITECTURE.md draws src/{f}/, which is not there" for f in sorted(drawn - folders)]
    report("map, ladder and folders agree", problems)


def check_headers_alone():
    cc = ["cc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wno-unused-function", "-Wno-unused-variable", "-Wno-unused-const-variable",
          "-Werror", f"-I{SRC}", f"-I{BUILD / 'src'}", "-I/usr/include/libxml2", "-x", "c", "-fsyntax-only"]

    def one(path):
        done = subprocess.run([*cc, str(path)], capture_output=True, text=True)
        return f"{path.relative_to(ROOT)}: {done.stderr.strip().splitlines()[0]}" if done.returncode else None

    with ThreadPoolExecutor(2) as pool:
        report("each header compiles alone", [p for p in pool.map(one, [h for h in sources("*.h") if "child" not in h.parts]) if p])


def check_engines():
    problems = [f"{p.relative_to(ROOT)} includes {name}" for p in sources("*.[ch]") if room(p) != "store"
                for _, name in INCLUDE.findall(p.read_text()) if name in ("sqlite3.h", "libpq-fe.h")]
    report("only store/ knows the databases' own headers", problems)


def check_sizes():
    problems = [f"{p.relative_to(ROOT)} has {n} lines" for p in sources("*.[ch]") if (n := len(p.read_text().splitlines())) > 800]
    report("files of code stay below 800 lines", problems)


def check_source():
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(SRC / "web/pack"))
    from source import files
    report("the source is whole without git too", [f"{name} is in no place of TOP" for name in sorted(set(files(ROOT)) - set(files(ROOT, git=False)))])


def check_globals():
    objects = sorted(o for o in BUILD.glob("**/*.o") if {"src", "freehold.p", "freehold-media.p"} & set(o.relative_to(BUILD).parts[:1]))
    problems = [] if objects else [f"{BUILD} has no objects"]
    for path in objects:
        table = subprocess.run(["objdump", "-t", str(path)], capture_output=True, text=True, check=True).stdout
        for name in VARIABLE.findall(table):
            own = any(path.name.endswith(file) and name == variable for file, variable in PROCESS_OWN)
            if not own and not name.startswith("."):
                problems.append(f"{path.name} has {name}")
    report("nothing that changes lives outside of a struct", problems)


def main():
    allowed = ladder()
    check_layers(allowed)
    check_map(allowed)
    check_headers_alone()
    check_engines()
    check_sizes()
    check_source()
    check_globals()
    sys.exit(1 if failures else 0)


main()

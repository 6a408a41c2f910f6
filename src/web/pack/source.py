#!/usr/bin/env python3
"""Build step: puts the program's own source into the program, so that it can hand it out (AGPL, section 13).

    source.py ROOT VERSION OUT.c OUT.tar.gz OUT.d

What goes in: the files git knows, as they lie there now, and those of src/ and ui/src/ that it does not know yet; without git (built from such
an archive) all files in the places of TOP. Never the pictures of the manual, and nothing that was built, installed or written by a server.
The same files give the same archive. OUT.c holds it as a struct source_archive (web/source.h); OUT.d tells ninja what was read.
"""
import gzip
import hashlib
import io
import pathlib
import re
import subprocess
import sys
import tarfile

TOP = {".ci", ".clang-format", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "bench", "deploy", "docs",
       "meson.build", "meson_options.txt", "run", "src", "test", "tests", "tools", "ui"}
HIDDEN = {".ci", ".clang-format", ".gitignore", ".gitkeep", ".npmrc", ".prettierignore", ".prettierrc.json"}
LEFT_OUT = re.compile(r"^docs/screenshots/|(^|/)(node_modules|__pycache__)/|^ui/dist/|\.pyc$")
TIME = 1610323200  # of every file: what is in an archive must not depend on when it was made


def by_git(root):
    if not (root / ".git").exists():
        return None
    names = b""
    for more in (["--cached"], ["--others", "--exclude-standard", "--", "src", "ui/src"]):
        try:
            done = subprocess.run(["git", "-C", str(root), "ls-files", "-z", *more], capture_output=True)
        except OSError:
            return None
        if done.returncode:
            return None
        names += done.stdout
    return {name for name in names.decode().split("\0") if name and (root / name).is_file()}


def by_walking(root):
    found = set()
    for top in TOP:
        for path in [root / top, *(root / top).rglob("*")]:
            inside = path.relative_to(root)
            if path.is_file() and not any(part.startswith(".") and part not in HIDDEN for part in inside.parts):
                found.add(inside.as_posix())
    return found


def files(root, git=True):
    names = by_git(root) if git else None
    return sorted(name for name in (by_walking(root) if names is None else names) if not LEFT_OUT.search(name))


def archive(root, folder, names):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, filename="", mtime=TIME) as zipped:
        with tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name in names:
                data = (root / name).read_bytes()
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size, entry.mtime = len(data), TIME
                entry.mode = 0o755 if (root / name).stat().st_mode & 0o100 else 0o644
                tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def main():
    root, version = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    table, packed, depfile = map(pathlib.Path, sys.argv[3:6])
    folder, names = f"freehold-{version}", files(root)
    data = archive(root, folder, names)
    packed.write_bytes(data)
    table.write_text(f"""#include "web/source.h"

__asm__(".section .rodata\\n.balign 16\\n.globl source_bytes\\n.hidden source_bytes\\nsource_bytes:\\n"
        ".incbin \\"{packed.resolve()}\\"\\n.byte 0\\n.previous\\n");
extern const char source_bytes[] __attribute__((visibility("hidden")));

const struct source_archive source_archive = {{"{folder}.tar.gz", "\\"{hashlib.sha256(data).hexdigest()[:16]}\\"", {{source_bytes, {len(data)}}}}};
""")
    read = " ".join(str(root / name).replace(" ", "\\ ") for name in names)
    depfile.write_text(f"{table}: {read}\n")


if __name__ == "__main__":
    main()

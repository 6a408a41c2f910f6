#!/usr/bin/env python3
"""Turns the named queries of src/store/*.sql into C: queries.def (the names) and queries.c (their texts).

    -- NAME: what it is for.
    SELECT …;
    -- NAME [sqlite]: …          a variant where the engines differ; [postgres] must stand beside it
    SELECT …;

Parameters are $1, $2, …; SQLite's form of them, ?1, is made here.

usage: sqlgen.py OUT.def OUT.c FILE.sql…
"""
import re
import sys

HEAD = re.compile(r"^-- ([A-Z][A-Z0-9_]*)(?: \[(sqlite|postgres)\])?: ")


def read(paths):
    queries = {}
    for path in paths:
        name = None
        for number, line in enumerate(open(path, encoding="utf-8"), 1):
            head = HEAD.match(line)
            if head:
                name, engine = head.group(1), head.group(2)
                texts = queries.setdefault(name, {})
                for e in [engine] if engine else ["sqlite", "postgres"]:
                    if e in texts:
                        sys.exit(f"{path}:{number}: {name} stands twice")
                    texts[e] = []
                targets = [texts[e] for e in ([engine] if engine else ["sqlite", "postgres"])]
            elif line.strip() and not line.startswith("--"):
                if name is None:
                    sys.exit(f"{path}:{number}: text before the first query's name")
                for t in targets:
                    t.append(" ".join(line.split()))
    for name, texts in queries.items():
        if set(texts) != {"sqlite", "postgres"} or not all(texts.values()):
            sys.exit(f"{name}: needs a text for both engines")
    return queries


def quoted(lines):
    text = " ".join(lines).rstrip(";").rstrip()
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    out_def, out_c, *paths = sys.argv[1:]
    queries = read(sorted(paths))
    with open(out_def, "w", encoding="utf-8") as f:
        f.writelines(f"QUERY({name})\n" for name in queries)
    with open(out_c, "w", encoding="utf-8") as f:
        f.write('#include "store/query_text.h"\n\nconst struct query_text query_texts[QUERY_COUNT] = {\n')
        for name, texts in queries.items():
            sqlite = re.sub(r"\$(\d+)", r"?\1", quoted(texts["sqlite"]))
            f.write(f'\t[{name}] = {{"{name}",\n\t\t{sqlite},\n\t\t{quoted(texts["postgres"])}}},\n')
        f.write("};\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes ShapeTable+ECS.swift from botocore's model of Amazon ECS.

    generate-shapes.py                      from the botocore that Python imports
    generate-shapes.py --wheel FILE.whl     from a downloaded wheel: pip download --no-deps botocore
    generate-shapes.py --check              compares instead of writing; exit code 0: equal, 1: different,
                                            3: a newer botocore is installed than the table records,
                                            4: no botocore is installed
                                            An older botocore must be contained in the table: AWS adds to its API and
                                            takes nothing away.

The table holds every shape that can be reached from the inputs of the operations below. To add an operation, name it
here and run the script again; nothing else knows the list.

Format, one shape a line; a line that begins with a space continues the one above; `#` begins a comment line:

    source VERSION
    operation NAME INPUT
    structure NAME [+document] [+union] MEMBER=SHAPE ...    MEMBER! is required, MEMBER~ is deprecated
    list NAME ELEMENT [MIN..MAX]
    map NAME KEY VALUE
    string NAME [MIN..MAX] [/PATTERN] or string NAME : VALUE VALUE ...
    integer NAME [MIN..MAX]          likewise long, double
    boolean NAME                     likewise timestamp, blob
"""

import argparse
import gzip
import json
import pathlib
import re
import sys
import textwrap
import zipfile

OPERATIONS = ["CreateCluster", "CreateService", "RegisterTaskDefinition", "RunTask", "UpdateService"]
TARGET = pathlib.Path(__file__).with_name("ShapeTable+ECS.swift")
MODEL = "data/ecs/2014-11-13/service-2.json"
WIDTH = 112

HEADER = '''\
// Written by generate-shapes.py from botocore {version}. Do not edit: run the script again.

extension ShapeTable {{
    /// The table as text; the script says how it is built.
    package static let ecsText = #"""
'''
FOOTER = '''\
        """#
}
'''


def installed_model():
    try:
        import botocore
    except ImportError:
        return None, None
    folder = pathlib.Path(botocore.__file__).parent
    for name, read in ((MODEL, lambda data: data), (MODEL + ".gz", gzip.decompress)):
        path = folder / name
        if path.exists():
            return botocore.__version__, json.loads(read(path.read_bytes()))
    sys.exit("botocore is installed without its model of ECS")


def model_in_wheel(path):
    with zipfile.ZipFile(path) as wheel:
        name = next(name for name in wheel.namelist() if name.startswith("botocore/" + MODEL))
        data = wheel.read(name)
        if name.endswith(".gz"):
            data = gzip.decompress(data)
        metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        version = re.search(r"^Version: (\S+)$", wheel.read(metadata).decode(), re.MULTILINE).group(1)
    return version, json.loads(data)


def reachable(shapes, roots):
    found, open_names = set(), list(roots)
    while open_names:
        name = open_names.pop()
        if name in found:
            continue
        found.add(name)
        shape = shapes[name]
        open_names += [member["shape"] for member in shape.get("members", {}).values()]
        open_names += [shape[role]["shape"] for role in ("member", "key", "value") if role in shape]
    return sorted(found)


def bounds(shape):
    if "min" not in shape and "max" not in shape:
        return ""
    return f" {shape.get('min', '')}..{shape.get('max', '')}"


def line(name, shape):
    kind = shape["type"]
    if kind == "structure":
        required = set(shape.get("required", []))
        flags = "".join(f" +{flag}" for flag in ("document", "union") if shape.get(flag))
        members = "".join(
            f" {member}{'!' if member in required else ''}{'~' if target.get('deprecated') else ''}={target['shape']}"
            for member, target in shape["members"].items()
        )
        return f"structure {name}{flags}{members}"
    if kind == "list":
        return f"list {name} {shape['member']['shape']}{bounds(shape)}"
    if kind == "map":
        return f"map {name} {shape['key']['shape']} {shape['value']['shape']}"
    if kind == "string":
        if "enum" in shape:
            if any(re.search(r"\s", value) for value in shape["enum"]):
                sys.exit(f"the table cannot hold the enum of {name}")
            return f"string {name} : {' '.join(shape['enum'])}"
        pattern = shape.get("pattern")
        if pattern and not re.fullmatch(r"\(\[(\\p\{[A-Z]\}|\\?[^\]\s\\])+\]\*\)", pattern):
            # The engine reads one character class, repeated; whoever meets another pattern teaches it more.
            sys.exit(f"the engine does not know the pattern of {name}: {pattern}")
        return f"string {name}{bounds(shape)}{' /' + pattern if pattern else ''}"
    if kind in ("integer", "long", "double", "boolean", "timestamp", "blob"):
        return f"{kind} {name}{bounds(shape)}"
    sys.exit(f"the table does not know the type {kind} of {name}")


def table(version, model):
    shapes = model["shapes"]
    inputs = {name: model["operations"][name]["input"]["shape"] for name in OPERATIONS}
    lines = [f"source botocore {version}"]
    lines += [f"operation {name} {shape}" for name, shape in inputs.items()]
    lines += [line(name, shapes[name]) for name in reachable(shapes, inputs.values())]
    wrapped = []
    for text in lines:
        wrapped += textwrap.wrap(
            text, WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
        )
    body = "".join(f"        {text}\n" for text in wrapped)
    return HEADER.format(version=version) + body + FOOTER


def logical_lines(text):
    lines = []
    for raw in text.splitlines():
        if raw.startswith("         "):
            lines[-1] += " " + raw.strip()
        elif raw.startswith("        ") and not raw.strip().startswith(('"', "#")):
            lines.append(raw.strip())
    return {tuple(line.split(" ")[:2]): line.split(" ")[2:] for line in lines}


def missing_from(older, newer):
    """What the older table has and the newer has not."""
    for (kind, name), words in older.items():
        if kind == "source":
            continue
        if (kind, name) not in newer:
            yield f"{kind} {name}"
        elif kind == "structure" or words[:1] == [":"]:
            # A member may have become deprecated, or optional, since.
            there = {re.sub("[!~]", "", word) for word in newer[kind, name]}
            yield from (f"{name}: {word}" for word in words if re.sub("[!~]", "", word) not in there)
        elif words != newer[kind, name]:
            yield f"{name}: {' '.join(words)}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--wheel", type=pathlib.Path)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    version, model = model_in_wheel(options.wheel) if options.wheel else installed_model()
    if model is None:
        print("no botocore is installed")
        sys.exit(4)
    if not options.check:
        TARGET.write_text(table(version, model))
        print(f"wrote {TARGET.name} from botocore {version}")
        return
    recorded = re.search(r"^ *source botocore (\S+)$", TARGET.read_text(), re.MULTILINE).group(1)
    if [int(part) for part in version.split(".")] > [int(part) for part in recorded.split(".")]:
        print(f"botocore {version} is installed, the table is of {recorded}")
        sys.exit(3)
    if recorded != version:
        lost = list(missing_from(logical_lines(table(version, model)), logical_lines(TARGET.read_text())))
        print("\n".join(lost) or f"the table is of {recorded} and holds all of {version}")
        sys.exit(1 if lost else 0)
    if TARGET.read_text() != table(version, model):
        print(f"the table differs from botocore {version}; run generate-shapes.py")
        sys.exit(1)
    print(f"the table equals botocore {version}")


if __name__ == "__main__":
    main()

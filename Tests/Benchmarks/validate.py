#!/usr/bin/env python3
"""Measures `mooring validate` of 10,000 manifests against PyYAML's C loader, which only parses the same files.

    Tests/Benchmarks/validate.py MOORING [--services 5000] [--runs 3] [--at-most RATIO]

MOORING is a release build (`swift build -c release --product mooring`). Every service has two files, a task definition and a
service. They are the manifests of the corpus that botocore takes (`MOORING_CORPUS`, by default ../shared/corpus), repeated under
new names; without the corpus those of examples/quickstart. Prints processor time and peak memory of both, and their ratio;
exit code 1 where the ratio is above --at-most. Both run in turns, and the least of each counts: what disturbs the machine
disturbs both.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARSE = """
import pathlib, sys, yaml
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.suffix in (".json", ".yaml"):
        with path.open("rb") as file:
            for document in yaml.load_all(file, Loader=yaml.CSafeLoader):
                pass
"""


def load(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def samples():
    """Task definitions and services, each with the ending of the file it came from."""
    corpus = pathlib.Path(os.environ.get("MOORING_CORPUS", ROOT.parent / "shared" / "corpus"))
    verdicts = corpus / "verdicts.tsv"
    if verdicts.exists():
        rows = [line.split("\t") for line in verdicts.read_text(encoding="utf-8").splitlines()[1:]]
        files = [corpus / row[0] for row in rows if row[2] == "ok"]
    else:
        print("skipped: no corpus; the manifests of examples/quickstart are used")
        files = sorted((ROOT / "examples" / "quickstart" / "production").iterdir())
    documents = [(load(file), file.suffix) for file in files]
    tasks = [each for each in documents if "containerDefinitions" in each[0]]
    services = [each for each in documents if "serviceName" in each[0]]
    return tasks, services


def write(path, document):
    with path.open("w", encoding="utf-8") as file:
        if path.suffix == ".json":
            json.dump(document, file, indent=2, ensure_ascii=False)
        else:
            yaml.dump(document, file, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def populate(folder, count):
    tasks, services = samples()
    total = 0
    for number in range(count):
        name = f"service-{number:05d}"
        place = folder / name
        place.mkdir()
        task, task_ending = tasks[number % len(tasks)]
        service, service_ending = services[number % len(services)]
        for ending, kind, document in (
            (task_ending, "task", dict(task, family=name)),
            (service_ending, "service", dict(service, serviceName=name, cluster="main", taskDefinition=name)),
        ):
            path = place / (kind + ending)
            write(path, document)
            total += path.stat().st_size
    return total


def measure(arguments):
    """Exit code, processor seconds and peak memory in MiB of a process of its own."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mooring")
    parser.add_argument("--services", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--at-most", type=float)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mooring-bench-") as name:
        folder = pathlib.Path(name)
        size = populate(folder, options.services)
        ours = theirs = float("inf")
        memory = their_memory = 0
        for _ in range(options.runs):
            code, seconds, peak = measure([options.mooring, "validate", str(folder)])
            if code not in (0, 1):
                sys.exit(f"mooring validate ended with {code}")
            ours, memory = min(ours, seconds), max(memory, peak)
            code, seconds, peak = measure([sys.executable, "-c", PARSE, str(folder)])
            if code != 0:
                sys.exit("PyYAML could not parse the files")
            theirs, their_memory = min(theirs, seconds), max(their_memory, peak)
    print(f"{2 * options.services} manifests, {size / 1e6:.1f} MB")
    print(f"mooring validate:         {ours:6.2f} s of processor time, {memory:6.0f} MiB at most")
    print(f"PyYAML's C loader, parse: {theirs:6.2f} s of processor time, {their_memory:6.0f} MiB at most")
    print(f"ratio: {ours / theirs:.2f}")
    if options.at_most is not None and ours > options.at_most * theirs:
        sys.exit(f"The ratio is above {options.at_most}.")


if __name__ == "__main__":
    main()

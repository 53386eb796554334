"""`python -m tools.fuzz [--inputs N] [TARGET ...]`: run each target on so many more inputs (`make fuzz`).

An input that is a finding is kept in found/TARGET, and the ordinary tests run it from then on. `figures.json` counts
all that was tried; delete it after a change that makes that worthless. Atheris exists for Linux on x86-64.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tools.fuzz import targets

HERE = Path(__file__).parent
FOUND, FIGURES = HERE / "found", HERE / "figures.json"
CORPUS = HERE / ".corpus"  # inputs that reached new code, to go on from; not committed
LIMITS = ("-timeout=10", "-rss_limit_mb=2048", "-max_len=8192")  # seconds and memory that no input may need; bytes
MAX_TARGET_SECONDS = 420
RUN = ("-print_final_stats=1", f"-max_total_time={MAX_TARGET_SECONDS}")


def main() -> int:
    """Run the targets; return the number of new findings."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(targets.TARGETS)} (default: all)")
    parser.add_argument("--inputs", type=int, default=100_000, metavar="N", help="for each (default: %(default)s)")
    options = parser.parse_args()
    figures: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.is_file() else {}
    figures["machine"] = f"{os.cpu_count()} cores"
    rows, new = figures.setdefault("targets", {}), 0
    for target in options.targets or targets.TARGETS:
        tried, seconds = fuzz(target, options.inputs)
        row = rows.setdefault(target, {"inputs": 0, "seconds": 0, "findings": 0})
        before, row["findings"] = row["findings"], len(list((FOUND / target).glob("*")))
        row["inputs"], row["seconds"] = row["inputs"] + tried, row["seconds"] + round(seconds)
        new += row["findings"] - before
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
        print(f"{target:20} {row['inputs']:>12,} inputs {row['findings']:>4} findings", flush=True)
    print(f"{'in all':20} {sum(row['inputs'] for row in rows.values()):>12,} inputs")
    return new


def fuzz(target: str, inputs: int) -> tuple[int, float]:
    """Run a target on so many inputs, fewer if one is a finding or time runs out; return how many, and the seconds."""
    corpus, found = CORPUS / target, FOUND / target
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(targets.seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [*LIMITS, *RUN, f"-runs={inputs}", f"-artifact_prefix={found}/", str(corpus)]
    command = [sys.executable, "-m", "tools.fuzz.one", target, *options]
    began = time.perf_counter()
    run = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=2 * MAX_TARGET_SECONDS, check=False
    )
    seconds = time.perf_counter() - began
    tried = re.findall(r"(?:number_of_executed_units:|^#)\s*(\d+)", run.stderr, re.MULTILINE)
    if run.returncode:
        print(run.stdout[-2000:], run.stderr[-2000:], sep="\n")
    return (max(map(int, tried)) if tried else 0), seconds


if __name__ == "__main__":
    sys.exit(main())

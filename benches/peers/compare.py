#!/usr/bin/env python3
"""Runs W1 to W5 with runner and its peers in turn, and prints the ratios of their medians.

    python3 -m venv .venv && .venv/bin/pip install numpy jax
    .venv/bin/python benches/peers/make_data.py
    .venv/bin/python benches/peers/compare.py [WORKLOAD …] [--rounds 3] [--precision f64]

Every round runs each program once, one after the other, so that a machine that is slower for a
while is so for all. `train` is the training alone (runner's manifest.json; a peer's own clock,
without its compilation), `process` is the whole program as its user sees it, runner's results
written. A sweep in JAX has a further line: its compiled part alone, for which orders and initial
weights have been made before. A ratio above 1 says how many times faster runner is.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "../.."))

# The strongest form of each peer for each workload.
PEERS = {
    "W1": {"numpy": ["--dtype", "f64"], "jax": ["--dtype", "f64"]},
    "W2": {"numpy": ["--dtype", "f64"], "jax": ["--dtype", "f64", "--mode", "last", "--devices", "2"]},
    "W2b": {"numpy": ["--dtype", "f64"], "jax": ["--dtype", "f64", "--mode", "last", "--devices", "2"]},
    "W3": {"numpy": ["--dtype", "f32"], "jax": ["--dtype", "f32"]},
    "W3s": {"numpy": ["--dtype", "f32"], "jax": ["--dtype", "f32", "--mode", "mapruns", "--devices", "2"]},
    "W4": {"numpy": ["--dtype", "f32", "--threads", "2"], "jax": ["--dtype", "f32"]},
    "W5": {"numpy": ["--dtype", "f32", "--threads", "2"], "jax": ["--dtype", "f32"]},
}


def timed(command):
    """What a command prints, its wall time in seconds and its peak memory in MiB."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with {process.returncode}")
    return output, seconds, usage.ru_maxrss / 1024


def run_runner(workload, binary, precision):
    experiment = os.path.join(ROOT, "benches/workloads", f"{workload}.toml")
    with tempfile.TemporaryDirectory() as out:
        command = [binary, experiment, "--quiet", "--fresh", "--out", out]
        if precision:
            command += ["--set", f"training.precision={precision}"]
        _, process, peak = timed(command)
        with open(os.path.join(out, "manifest.json")) as file:
            train = json.load(file)["train_seconds"]
    return train, process, peak, train


def run_peer(peer, workload, precision):
    arguments = list(PEERS[workload][peer])
    if precision:
        arguments[arguments.index("--dtype") + 1] = precision
    command = [sys.executable, os.path.join(HERE, f"peer_{peer}.py"), workload, *arguments]
    output, process, _ = timed(command)
    line = json.loads(output)
    # What was made before the compiled part (orders, initial weights) is not in it.
    compiled = line.get("compiled_part_seconds", line["train_seconds"])
    return line["train_seconds"], process, line["peak_mb"], compiled


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", default=list(PEERS), metavar="WORKLOAD")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", choices=["f32", "f64"], help="instead of the workload's own")
    parser.add_argument("--binary", default=os.path.join(ROOT, "target/release/runner"))
    arguments = parser.parse_args()

    print(f"{'':5} {'':7} {'train s':>9} {'process s':>10} {'peak MiB':>8} {'train ×':>9} {'process ×':>10}")
    for workload in arguments.workloads:
        contestants = {"runner": lambda: run_runner(workload, arguments.binary, arguments.precision)}
        for peer in PEERS[workload]:
            contestants[peer] = lambda peer=peer: run_peer(peer, workload, arguments.precision)
        rounds = {name: [] for name in contestants}
        for _ in range(arguments.rounds):
            for name, contestant in contestants.items():
                rounds[name].append(contestant())
        medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in rounds.items()}
        train, process, _, _ = medians["runner"]
        for name, (own_train, own_process, peak, compiled) in medians.items():
            ratios = "" if name == "runner" else f"{own_train / train:9.1f} {own_process / process:10.1f}"
            print(f"{workload:5} {name:7} {own_train:9.4f} {own_process:10.3f} {peak:8.1f} {ratios}", flush=True)
            if compiled != own_train:
                print(f"{'':13} {compiled:9.4f} {'compiled part alone':>19} {compiled / train:9.1f}", flush=True)


if __name__ == "__main__":
    main()

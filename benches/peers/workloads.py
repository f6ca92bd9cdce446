"""The workloads W1 to W5, the data they share, and how a peer reports: one JSON line.

The same workloads stand in ../workloads/*.toml for runner. Data comes from `python make_data.py`.
"""

import json
import os
import resource
import time

import numpy as np

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")

# data, layers, hidden activation, loss, batch size, epochs, learning rate
SINGLE = {
    "W1": dict(data="plane", layers=[2, 3, 1], act="sigmoid", loss="mse", batch=4, epochs=100, lr=0.02),
    "W3": dict(data="digits", layers=[64, 64, 32, 10], act="relu", loss="ce", batch=32, epochs=50, lr=0.1),
    "W4": dict(data="tall", layers=[784, 512, 256, 10], act="relu", loss="ce", batch=128, epochs=2, lr=0.05),
    "W5": dict(
        data="wide", layers=[1000, 2048, 2048, 10], act="relu", loss="ce", batch=256, epochs=1, lr=0.05
    ),
}


def sweep(workload):
    """The base workload, and groups of runs that share a batch size: [(batch, rates, seeds)]."""
    rates = np.logspace(-3, 0, 20)
    if workload == "W2":
        return "W1", [(4, np.repeat(rates, 50), np.tile(np.arange(50), 20))]
    if workload == "W2b":
        return "W1", [(b, np.repeat(rates, 16), np.tile(np.arange(16), 20)) for b in (1, 32, 250)]
    if workload == "W3s":
        return "W3", [(32, np.repeat(np.logspace(-2.5, -0.5, 8), 8), np.tile(np.arange(8), 8))]
    raise KeyError(workload)


def load(name, dtype):
    """Inputs (samples, features) as `dtype`; targets (samples, 1) as `dtype`, or class indices."""
    x, y = np.load(f"{DATA}/{name}_x.npy"), np.load(f"{DATA}/{name}_y.npy")
    return x.astype(dtype, copy=False), (y.astype(dtype, copy=False) if y.ndim == 2 else y)


def init(layers, seed, dtype):
    """Glorot-uniform weights (out, in) and zero biases: the same for every peer."""
    random = np.random.default_rng(10_000 + seed)
    parameters = []
    for before, nodes in zip(layers, layers[1:]):
        limit = np.sqrt(6.0 / (before + nodes))
        weights = random.uniform(-limit, limit, (nodes, before)).astype(dtype)
        parameters.append((weights, np.zeros(nodes, dtype)))
    return parameters


def process_age():
    """Seconds since this process was started."""
    start = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - start / os.sysconf("SC_CLK_TCK")


def emit(peer, workload, train_seconds, losses, **extra):
    """Prints the one JSON line; `losses` are the last epoch's training losses, one per run."""
    losses = np.atleast_1d(np.asarray(losses, np.float64))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        json.dumps(
            dict(
                peer=peer,
                workload=workload,
                process_seconds=round(process_age(), 4),
                train_seconds=round(train_seconds, 5),
                median_loss=float(np.nanmedian(losses)),
                runs=len(losses),
                peak_mb=round(max(own, children), 1),
                **extra,
            )
        ),
        flush=True,
    )

"""Writes data/*.npy, which runner and its peers read alike (about 230 MB, W4 and W5 most of it).

Needs NumPy. plane: the first 250 of the article's samples; digits: pixels as 0 to 1; tall (W4) and
wide (W5): uniform numbers and random classes, of the shapes that matter.
"""

import csv
import os

import numpy as np

from workloads import DATA

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../experiments/data")


def table(name):
    with open(os.path.join(SHIPPED, name), newline="") as file:
        return np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])


def save(name, x, y):
    np.save(f"{DATA}/{name}_x.npy", np.ascontiguousarray(x))
    np.save(f"{DATA}/{name}_y.npy", np.ascontiguousarray(y))


os.makedirs(DATA, exist_ok=True)
plane, digits = table("plane_train.csv")[:250], table("digits.csv")
save("plane", plane[:, :2], plane[:, 2:])
save("digits", digits[:, :64] / 16.0, digits[:, 64].astype(np.int64))
random = np.random.default_rng(4)
save("tall", random.random((60000, 784), dtype=np.float32), random.integers(0, 10, 60000))
random = np.random.default_rng(5)
save("wide", random.random((10000, 1000), dtype=np.float32), random.integers(0, 10, 10000))

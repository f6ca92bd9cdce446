"""Reads what `runner export` writes with the programs that it is for.

Needs Python with onnx, onnxruntime, pyarrow, tensorboard, safetensors and numpy (pip install them).
Usage: python tests/export/check.py PATH/TO/runner
"""

import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import pyarrow.parquet
from safetensors import safe_open
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

RUNNER = os.path.abspath(sys.argv[1])
ACTIVATIONS = (
    "identity sigmoid tanh relu leaky_relu elu selu gelu gelu_tanh silu softplus hard_sigmoid mish"
).split()
# The two programs round differently in every operation; erf is single precision in ONNX runtimes.
TOLERANCE = {"f32": 2e-5, "f64": 1e-12}
ERF_TOLERANCE = 1e-6

EXPERIMENT = """
name = "e"
replicates = 2
[data]
source = "{source}"
samples = 40
validation = 0.25
derive = [{derive}]
scale = "{scale}"
[model]
layers = [{inputs}, 4, 3, 1]
hidden = "{activation}"
output = "identity"
[training]
loss = "{loss}"
epochs = 5
learning_rate = 0.05
batch_size = 4
precision = "{precision}"
[variants.a]
[variants."b, c"]
training.batch_size = "full"
[output]
models = "all"
"""


def train(directory, **keys):
    path = os.path.join(directory, "e.toml")
    with open(path, "w") as file:
        file.write(EXPERIMENT.format(**keys))
    out = os.path.join(directory, "out")
    subprocess.run([RUNNER, path, "--out", out, "--quiet", "--fresh"], check=True)
    return out


def export(out, to):
    subprocess.run([RUNNER, "export", out, "--to", to, "--quiet"], check=True)
    return os.path.join(out, to)


def table(out, name):
    with open(os.path.join(out, name + ".csv"), newline="") as file:
        return list(csv.DictReader(file))


def check_onnx(directory):
    derive = ["x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]
    for activation in ACTIVATIONS:
        for precision in ("f64", "f32"):
            for source, loss in (("plane", "half_mse"), ("circle", "bce")):
                use = derive if activation in ("tanh", "relu") else []
                out = train(
                    directory,
                    source=source,
                    derive=", ".join(f'"{d}"' for d in use),
                    scale="standardize" if source == "plane" else "none",
                    inputs=2 + len(use),
                    activation=activation,
                    loss=loss,
                    precision=precision,
                )
                folder = export(out, "onnx")
                dtype = {"f32": np.float32, "f64": np.float64}[precision]
                x = np.random.default_rng(1).uniform(-3, 3, (50, 2)).astype(dtype)
                files = sorted(glob.glob(folder + "/*.onnx"))
                assert len(files) == len(table(out, "runs")), files
                for file in files:
                    onnx.checker.check_model(onnx.load(file), full_check=True)
                    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
                    found = session.run(None, {"features": x})
                    key = os.path.basename(file)[:-5]
                    model = f"{out}/models/{key}.safetensors"
                    expected = forward(model, x.astype(np.float64), activation)
                    tolerance = TOLERANCE[precision]
                    if activation == "gelu":
                        tolerance = max(tolerance, ERF_TOLERANCE)
                    error = np.max(np.abs(found[0] - expected) / (1 + np.abs(expected)))
                    assert error < tolerance, (activation, precision, source, error)
                    if loss == "bce":
                        probability = 1 / (1 + np.exp(-expected))
                        assert np.max(np.abs(found[1] - probability)) < tolerance
    print("onnx: every activation agrees in both precisions")


def forward(path, x, activation):
    """The formulas of the reference page, in NumPy."""
    from math import erf

    sigmoid = lambda u: 1 / (1 + np.exp(-u))
    softplus = lambda u: np.logaddexp(0, u)
    functions = {
        "identity": lambda u: u,
        "sigmoid": sigmoid,
        "tanh": np.tanh,
        "relu": lambda u: np.maximum(u, 0),
        "leaky_relu": lambda u: np.where(u > 0, u, 0.01 * u),
        "elu": lambda u: np.where(u > 0, u, np.expm1(u)),
        "selu": lambda u: 1.0507009873554805
        * np.where(u > 0, u, 1.6732632423543772 * np.expm1(u)),
        "gelu": lambda u: u * (1 + np.vectorize(erf)(u / np.sqrt(2))) / 2,
        "gelu_tanh": lambda u: u
        * (1 + np.tanh(np.sqrt(2 / np.pi) * (u + 0.044715 * u**3)))
        / 2,
        "silu": lambda u: u * sigmoid(u),
        "softplus": softplus,
        "hard_sigmoid": lambda u: np.clip(u / 6 + 0.5, 0, 1),
        "mish": lambda u: u * np.tanh(softplus(u)),
    }
    with safe_open(path, "numpy") as model:
        preparation = json.loads(model.metadata()["preparation"])
        columns = {
            "x1^2": x[:, 0] ** 2,
            "x2^2": x[:, 1] ** 2,
            "x1*x2": x[:, 0] * x[:, 1],
            "sin(x1)": np.sin(x[:, 0]),
            "sin(x2)": np.sin(x[:, 1]),
        }
        x = np.column_stack([x] + [columns[name] for name in preparation["derive"]])
        for column, scaling in enumerate(preparation["scaling"]):
            x[:, column] = (x[:, column] - scaling["offset"]) / scaling["divisor"]
        layers = len(list(model.keys())) // 2
        for layer in range(layers):
            weight = model.get_tensor(f"layers.{layer}.weight").astype(np.float64)
            bias = model.get_tensor(f"layers.{layer}.bias").astype(np.float64)
            x = x @ weight.T + bias
            if layer < layers - 1:
                x = functions[activation](x)
    return x


def check_tables(directory):
    keys = dict(
        source="plane", derive="", scale="none", inputs=2, activation="tanh", precision="f64"
    )
    out = train(directory, loss="half_mse", **keys)
    folder = export(out, "parquet")
    for name in ("runs", "history", "summary", "comparison"):
        rows = table(out, name)
        parquet = pyarrow.parquet.read_table(f"{folder}/{name}.parquet")
        assert parquet.num_rows == len(rows), name
        assert parquet.column_names == list(rows[0]), name
        for column in parquet.column_names:
            for value, row in zip(parquet[column].to_pylist(), rows):
                cell = row[column]
                same = value is None if cell == "" else type(value)(cell) == value
                assert same, (name, column, value, cell)
    types = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(f"{folder}/runs.parquet")}
    assert types["run"] == "int64" and types["train_loss"] == "double" and types["key"] == "string", types
    print("parquet: every cell agrees")

    folder = export(out, "tensorboard")
    history = table(out, "history")
    logs = sorted(glob.glob(folder + "/*"))
    assert len(logs) == 4, logs
    for run, log in enumerate(logs):
        events = EventAccumulator(log, size_guidance={"scalars": 0}).Reload()
        rows = [row for row in history if row["run"] == str(run)]
        for tag, column in (("loss/train", "train_loss"), ("loss/valid", "valid_loss")):
            scalars = events.Scalars(tag)
            assert [s.step for s in scalars] == [int(row["epoch"]) for row in rows], log
            for scalar, row in zip(scalars, rows):
                assert scalar.value == float(np.float32(row[column])), (log, scalar)
    print("tensorboard: every value agrees")

    folder = export(out, "csv")
    with open(folder + "/history_with_configurations.csv", newline="") as file:
        flat = list(csv.DictReader(file))
    assert len(flat) == len(history)
    runs = {row["run"]: row for row in table(out, "runs")}
    for row, original in zip(flat, history):
        assert all(row[column] == value for column, value in original.items())
        assert all(row[c] == runs[row["run"]][c] for c in ("variant", "replicate", "seed", "status"))
    print("csv: every cell agrees")


with tempfile.TemporaryDirectory() as directory:
    check_tables(directory)
    check_onnx(directory)

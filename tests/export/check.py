"""Reads what `runner export` writes with the programs that it is for.

Needs Python with onnx, onnxruntime, pyarrow, polars, duckdb, pandas, tensorboard, safetensors and numpy
(pip install them).
Usage: python tests/export/check.py PATH/TO/runner
"""

import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import duckdb
import numpy as np
import onnx
import onnxruntime
import pandas
import polars
import pyarrow.compute
import pyarrow.parquet
from safetensors import safe_open
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.hparams import api_pb2
from tensorboard.plugins.hparams.backend_context import Context
from tensorboard.plugins.hparams.get_experiment import Handler as ExperimentHandler
from tensorboard.plugins.hparams.list_session_groups import Handler as GroupsHandler

RUNNER = os.path.abspath(sys.argv[1])
ACTIVATIONS = (
    "identity sigmoid tanh relu leaky_relu elu selu gelu gelu_tanh silu softplus hard_sigmoid mish"
).split()
# The two programs round differently in every operation.
TOLERANCE = {"f32": 2e-5, "f64": 1e-12}
TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64}

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
                x = np.random.default_rng(1).uniform(-3, 3, (50, 2))
                x = x.astype(np.float32).astype(np.float64)
                files = sorted(glob.glob(folder + "/*.onnx"))
                assert len(files) == len(table(out, "runs")), files
                for file in files:
                    onnx.checker.check_model(onnx.load(file), full_check=True)
                    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
                    dtype = TYPES[session.get_inputs()[0].type]
                    found = session.run(None, {"features": x.astype(dtype)})
                    key = os.path.basename(file)[:-5]
                    model = f"{out}/models/{key}.safetensors"
                    expected = forward(model, x, activation)
                    tolerance = TOLERANCE[precision]
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


TABLE_EXPERIMENT = """
name = "t"
[data]
source = "csv"
path = "t.csv"
target = "kind, of"
categorical = ["colour"]
missing = ["median", "category"]
scale = "standardize"
validation = 0.25
[model]
layers = [{inputs}, 4, {outputs}]
hidden = "tanh"
output = "identity"
[training]
loss = "cross_entropy"
epochs = 5
learning_rate = 0.1
batch_size = 4
precision = "{precision}"
[output]
models = "all"
"""


def check_onnx_of_a_table(directory):
    """Times of a clock, holes, categories and names with commas."""
    random = np.random.default_rng(3)
    rows = 80
    time = 1.7e9 + random.integers(0, 3600, rows)
    size = random.normal(0, 1, rows)
    colour = random.choice(["red", "green, dark", "blue"], rows)
    kind = random.choice(["a,b", 'c"d', "e"], rows)
    with open(os.path.join(directory, "t.csv"), "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time, s", "size", "colour", "kind, of"])
        for row in range(rows):
            hole = row % 7 == 0
            writer.writerow(
                [time[row], "" if hole else repr(float(size[row])), colour[row], kind[row]]
            )
    for precision in ("f64", "f32"):
        path = os.path.join(directory, "t.toml")
        with open(path, "w") as file:
            file.write(TABLE_EXPERIMENT.format(inputs=5, outputs=3, precision=precision))
        out = os.path.join(directory, "table")
        subprocess.run([RUNNER, path, "--out", out, "--quiet", "--fresh"], check=True)
        (file,) = glob.glob(export(out, "onnx") + "/*.onnx")
        model = onnx.load(file)
        onnx.checker.check_model(model, full_check=True)
        said = {entry.key: json.loads(entry.value) for entry in model.metadata_props}
        assert said["classes"] == ["a,b", 'c"d', "e"], said
        assert said["targets"][0] == "kind, of" or said["classes"], said
        assert said["features"][0] == "time, s" and len(said["features"]) == 5, said
        categories = {column["name"]: column["categories"] for column in said["columns"]}
        assert categories["colour"] == ["blue", "green, dark", "red"], said
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        assert session.get_inputs()[0].type == "tensor(double)"
        holes = np.arange(rows) % 7 == 0
        x = np.column_stack(
            [time, np.where(holes, np.nan, size)]
            + [(colour == category).astype(float) for category in categories["colour"]]
        )
        logits, probabilities = session.run(None, {"features": x})
        (key,) = glob.glob(out + "/models/*.safetensors")
        predicted = subprocess.run(
            [RUNNER, "predict", key, os.path.join(directory, "t.csv")],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        predicted = list(csv.DictReader(predicted.splitlines()))
        for name, found in (("probability", probabilities), ("logit", logits)):
            expected = np.array(
                [[float(row[f"{name}_{c}"]) for c in said["classes"]] for row in predicted]
            )
            error = np.max(np.abs(found - expected))
            assert error < {"f32": 2e-6, "f64": 1e-12}[precision], (precision, name, error)
    print("onnx: a table with holes, categories and times agrees")


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
        by_duckdb = duckdb.read_parquet(f"{folder}/{name}.parquet").fetchall()
        assert by_duckdb == [tuple(row.values()) for row in parquet.to_pylist()], name
        by_polars = polars.read_parquet(f"{folder}/{name}.parquet")
        assert by_polars.to_dicts() == parquet.to_pylist(), name
        by_pandas = pandas.read_parquet(f"{folder}/{name}.parquet")
        assert len(by_pandas) == len(rows) and list(by_pandas) == list(rows[0]), name
        check_statistics(f"{folder}/{name}.parquet", parquet)
    types = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(f"{folder}/runs.parquet")}
    assert types["run"] == "int64" and types["train_loss"] == "double" and types["key"] == "string", types
    assert types["replicate"] == types["epochs"] == types["kept_epoch"] == "int64", types
    print("parquet: every cell agrees in four readers")

    folder = export(out, "tensorboard")
    history = table(out, "history")
    logs = sorted(glob.glob(folder + "/run-*"))
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
    check_hyperparameters(directory)

    folder = export(out, "csv")
    with open(folder + "/history_with_configurations.csv", newline="") as file:
        flat = list(csv.DictReader(file))
    assert len(flat) == len(history)
    runs = {row["run"]: row for row in table(out, "runs")}
    for row, original in zip(flat, history):
        assert all(row[column] == value for column, value in original.items())
        assert all(row[c] == runs[row["run"]][c] for c in ("variant", "replicate", "seed", "status"))
    print("csv: every cell agrees")


def check_statistics(path, table):
    """The least and the greatest value and the nulls, as the file says and as they are."""
    metadata = pyarrow.parquet.ParquetFile(path).metadata
    assert metadata.num_row_groups == 1
    for index, name in enumerate(table.column_names):
        said = metadata.row_group(0).column(index).statistics
        column = table[name]
        assert said.null_count == column.null_count, (path, name)
        if said.has_min_max:
            least, greatest = pyarrow.compute.min_max(column).as_py().values()
            assert (said.min, said.max) == (least, greatest), (path, name)
        else:
            assert column.null_count == len(column), (path, name)


SWEEP = """
name = "s"
replicates = 2
[data]
source = "plane"
samples = 40
validation = 0.25
[model]
layers = [2, 4, 1]
[training]
epochs = 3
learning_rate = 0.05
[variants."sgd"]
training.batch_size = 1
[variants."half, full"]
training.batch_size = "full"
[sweep]
training.learning_rate = [0.1, 0.5, 1e300]
model.hidden = ["tanh", "relu"]
"""


def check_hyperparameters(directory):
    """What the HParams plugin's own backend makes of a sweep, runs that diverge at once included."""
    path = os.path.join(directory, "s.toml")
    with open(path, "w") as file:
        file.write(SWEEP)
    out = os.path.join(directory, "sweep")
    subprocess.run([RUNNER, path, "--out", out, "--quiet"])
    folder = export(out, "tensorboard")
    multiplexer = EventMultiplexer().AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = MultiplexerDataProvider(multiplexer, folder)
    context = Context(TBContext(multiplexer=multiplexer, data_provider=provider))
    asked = api_pb2.GetExperimentRequest(include_metrics=True)
    arguments = (RequestContext(), context, "")
    experiment = ExperimentHandler(*arguments, asked).run()
    keys = {info.name: info for info in experiment.hparam_infos}
    assert set(keys) == {"variant", "training.learning_rate", "model.hidden"}, keys
    assert keys["training.learning_rate"].type == api_pb2.DATA_TYPE_FLOAT64
    assert keys["model.hidden"].type == keys["variant"].type == api_pb2.DATA_TYPE_STRING
    rates = [value.number_value for value in keys["training.learning_rate"].domain_discrete.values]
    assert sorted(rates) == [0.1, 0.5, 1e300], rates
    metrics = {info.name.tag for info in experiment.metric_infos}
    assert {"loss/train", "loss/valid"} < metrics and "learning_rate" not in metrics, metrics

    ends = [api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE]
    asked = api_pb2.ListSessionGroupsRequest(
        start_index=0,
        slice_size=100,
        allowed_statuses=ends,
        aggregation_type=api_pb2.AGGREGATION_AVG,
        include_metrics=True,
        col_params=[api_pb2.ColParams(hparam=name) for name in keys]
        + [api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos],
    )
    groups = GroupsHandler(*arguments, asked).run().session_groups
    runs = table(out, "runs")
    assert len(groups) == 12 and sum(len(group.sessions) for group in groups) == len(runs) == 24
    for group in groups:
        values = {name: value for name, value in group.hparams.items()}
        same = [
            row
            for row in runs
            if row["variant"] == values["variant"].string_value
            and row["model.hidden"] == values["model.hidden"].string_value
            and float(row["training.learning_rate"]) == values["training.learning_rate"].number_value
        ]
        assert len(same) == 2, values
        statuses = sorted(session.status for session in group.sessions)
        expected = sorted(ends[row["status"] != "ok"] for row in same)
        assert statuses == expected, (values, statuses)
        if all(row["status"] == "ok" for row in same):
            (found,) = [m.value for m in group.metric_values if m.name.tag == "loss/valid"]
            mean = np.mean([np.float32(row["valid_loss"]) for row in same])
            assert abs(found - mean) < 1e-6 * (1 + mean), (found, mean)
    print("tensorboard: the HParams plugin shows every group with its values")


with tempfile.TemporaryDirectory() as directory:
    check_tables(directory)
    check_onnx_of_a_table(directory)
    check_onnx(directory)

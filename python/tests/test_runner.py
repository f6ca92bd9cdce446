"""The Python module: what it returns is what the program wrote."""

import csv
import subprocess
from pathlib import Path

import numpy
import pandas
import polars
import pytest

import runner

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
PLANE = """
name = "small"
replicates = 2
[data]
source = "plane"
samples = 60
validation = 0.25
[model]
layers = [2, 3, 1]
hidden = "tanh"
[training]
epochs = 3
learning_rate = 0.1
[variants.NA]
[variants."half, full"]
training.batch_size = "full"
[output]
models = "all"
"""


@pytest.fixture
def experiment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.toml"
    path.write_text(PLANE)
    return path


def test_keys_with_underscores_are_those_of_the_file(experiment):
    results = runner.run(experiment, training__epochs=5, set={"seed": 7})
    assert results.directory == Path("results/small")
    assert set(results.runs["epochs"]) == {5}
    text = (results.directory / "experiment.toml").read_text()
    assert "seed = 7" in text


def test_python_leaves_the_same_bytes_as_the_terminal(experiment):
    results = runner.run(experiment)
    subprocess.run([runner.program(), experiment, "--out", "other", "--quiet"], check=True)
    for name in ("runs.csv", "history.csv", "summary.csv", "comparison.csv"):
        other = Path("other", name).read_bytes()
        assert (results.directory / name).read_bytes() == other


def test_tables_are_frames_of_either_library_with_the_same_cells(experiment):
    results = runner.run(experiment)
    for table in ("runs", "history", "summary", "comparison"):
        with open(results.directory / f"{table}.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        by_pandas = results.frame(table, "pandas")
        by_polars = results.frame(table, "polars")
        assert isinstance(by_pandas, pandas.DataFrame) and isinstance(by_polars, polars.DataFrame)
        assert list(by_pandas) == by_polars.columns == list(rows[0])
        assert len(by_pandas) == by_polars.height == len(rows)
        for name in by_pandas:
            for row, one, other in zip(rows, by_pandas[name], by_polars[name]):
                if row[name] == "":
                    assert pandas.isna(one) and other is None
                else:
                    assert type(one)(row[name]) == one and type(other)(row[name]) == other
    assert set(results.runs["variant"]) == {"NA", "half, full"}
    with pytest.raises(ValueError):
        results.frame("runs", "excel")


def test_a_model_predicts_what_the_program_predicts(experiment):
    model = runner.run(experiment).models[0]
    x = numpy.random.default_rng(0).uniform(-1, 1, (7, 2))
    numpy.save("x.npy", x)
    said = subprocess.run(
        [runner.program(), "predict", model.path, "x.npy"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    expected = [float(row["prediction"]) for row in csv.DictReader(said.splitlines())]
    assert model.predict(x).tolist() == expected
    assert model.predict(x.tolist()).tolist() == expected
    assert model.predict("x.npy").tolist() == expected
    assert [float(row["prediction"]) for row in model.table(x)] == expected
    with pytest.raises(ValueError):
        model.predict_proba(x)


def test_a_model_of_classes_names_them_and_takes_frames(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = runner.run(EXPERIMENTS / "iris.toml", training__epochs=30)
    model = results.models[0]
    flowers = pandas.read_csv(EXPERIMENTS / "data" / "iris.csv")
    classes = model.predict(flowers)
    assert len(classes) == len(flowers) and set(classes) <= set(flowers.iloc[:, -1])
    probabilities = model.predict_proba(flowers)
    assert probabilities.shape == (len(flowers), 3)
    assert numpy.allclose(probabilities.sum(axis=1), 1)
    mixed = polars.read_csv(EXPERIMENTS / "data" / "iris.csv")
    mixed = mixed.select(reversed(mixed.columns)).with_columns(more=polars.lit("x"))
    assert model.predict(mixed).tolist() == classes.tolist()


def test_a_notebook_shows_the_page(experiment):
    results = runner.run(experiment)
    shown = results._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and len(shown) > len(results.page.read_text())


def test_a_mistake_is_an_error_with_the_words_of_the_program(experiment):
    with pytest.raises(runner.Error) as error:
        runner.run(experiment, training__epoch=5)
    assert error.value.code == 2 and "epochs" in str(error.value)
    with pytest.raises(TypeError):
        runner.run(experiment, training__epochs=object())
    with pytest.raises(runner.Error):
        runner.Results("nowhere")


def test_values_become_those_of_toml(experiment):
    results = runner.run(
        experiment,
        description='a "quote", a \\ and a \x7f',
        model__layers=numpy.array([2, 4, 1]),
        training__learning_rate=numpy.float64(0.25),
        training__optimizer={"name": "sgd", "momentum": 0.5},
    )
    text = (results.directory / "experiment.toml").read_text()
    assert "[2, 4, 1]" in text and "0.25" in text and "momentum = 0.5" in text


def test_check_says_what_is_unwise(experiment):
    assert isinstance(runner.check(experiment, training__epochs=1), str)
    with pytest.raises(runner.Error):
        runner.check(experiment, training__epochs=0)


def test_what_is_expected_comes_back_judged(experiment):
    results = runner.run(experiment, set={"expect.best.epochs.max": 3, "expect.every.valid_loss.max": 1e-9})
    met, missed = results.expectations
    assert (met["met"], missed["met"]) == (True, False)
    assert missed["missed_by"] > 0 and "too high" in missed["words"]
    assert runner.run(experiment).expectations == []

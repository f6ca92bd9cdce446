"""Runs every Python, R and JavaScript program of docs/elsewhere.md, each as it stands, and the guard of continuous
integration.

Needs what they import: duckdb, mlflow, numpy, onnxruntime, pandas, polars, and the package `runner` of this
project; junitparser, which reads what the guard wrote; Rscript; and Node.js with onnxruntime-web in NODE_MODULES.
Usage: python tests/export/recipes.py PATH/TO/runner NODE_MODULES
"""

import contextlib
import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import junitparser

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.argv[1]).resolve()
MODULES = Path(sys.argv[2]).resolve()

page = (ROOT / "docs/elsewhere.md").read_text(encoding="utf-8")
blocks = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
programs = [
    (title, code)
    for title, text in blocks
    for code in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
]
assert len(programs) >= 6, [title for title, _ in programs]
(javascript,) = re.findall(r"^```js\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@contextlib.contextmanager
def mlflow_server(place):
    """The address of a server of MLflow that keeps all it is told below ``place``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--backend-store-uri", f"sqlite:///{place}/mlflow.db"]
    command += ["--artifacts-destination", f"{place}/mlflow"]
    with open(f"{place}/mlflow.log", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=place, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert server.poll() is None, Path(place, "mlflow.log").read_text()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/health").close()
                break
            time.sleep(0.1)
        yield address
    finally:
        os.killpg(server.pid, 15)
        server.wait()


def check_mlflow(place, address, said):
    """The server has each run, and the bytes of each model."""
    import mlflow

    mlflow.set_tracking_uri(address)
    rows = list(csv.DictReader(Path(place, "results/plane/runs.csv").open()))
    assert said.strip().endswith(f"{len(rows)} runs"), said
    logged = mlflow.search_runs(experiment_names=["plane"])
    assert sorted(logged["tags.key"]) == sorted(row["key"] for row in rows)
    models = sorted(Path(place, "results/plane/models").iterdir())
    kept = logged[logged["tags.key"] == models[0].stem].iloc[0]
    path = mlflow.artifacts.download_artifacts(
        run_id=kept["run_id"], artifact_path=f"model/{models[0].name}", dst_path=f"{place}/download"
    )
    assert Path(path).read_bytes() == models[0].read_bytes()


def check_javascript(place):
    """JavaScript predicts what the program does."""
    Path(place, "node_modules").symlink_to(MODULES)
    Path(place, "predict.mjs").write_text(javascript)
    ended = subprocess.run(["node", "predict.mjs"], cwd=place, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    Path(place, "points.csv").write_text("x1,x2\n0.5,-1.0\n2.0,3.0\n")
    model = min(Path(place, "results/plane/models").iterdir())
    own = subprocess.run(
        [PROGRAM, "predict", model, "points.csv", "--quiet"], cwd=place, capture_output=True, text=True, check=True
    )
    own = [float(cell) for cell in own.stdout.split()[1:]]
    other = [float(line) for line in ended.stdout.split()]
    # Double precision, with another library's exponential.
    assert len(own) == len(other) == 2, (own, other)
    assert all(abs(a - b) <= 1e-12 * max(1, abs(a)) for a, b in zip(own, other)), (own, other)
    print("ONNX in JavaScript: the program's predictions")


def call(place, environment, *command):
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)


def check_r(place, environment):
    """Runs the program in R."""
    (r,) = re.findall(r"^```r\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    ended = call(place, environment, "Rscript", "--vanilla", "-e", r)
    assert ended.returncode == 0 and "full-batch" in ended.stdout, ended.stderr
    print("R: runs")


def check_latex(place, environment):
    """The commands leave the tables and the pictures that the text speaks of."""
    (text,) = [text for title, text in blocks if title == "LaTeX"]
    (commands,) = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for line in commands.splitlines():
        ended = call(place, environment, "sh", "-c", line)
        assert ended.returncode == 0, f"{line}:\n{ended.stderr}"
    tables = Path(place, "plane.tex").read_text(encoding="utf-8")
    assert tables.count("\\toprule") == tables.count("\\end{table}") >= 2, tables
    (picture,) = re.findall(r"includegraphics{(.*?)}", text)
    assert Path(place, picture).read_bytes().startswith(b"%PDF"), picture
    print("LaTeX: tables and pictures")


def check_guard(place, environment):
    """Guards an experiment line by line: green as it stands, and red where more is expected than there is."""
    (text,) = [text for title, text in blocks if title == "Continuous integration"]
    (guard,) = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (commands,) = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    Path(place, "guard.toml").write_text(guard, encoding="utf-8")
    for line in commands.splitlines():
        ended = call(place, environment, "sh", "-c", line)
        assert ended.returncode == 0, f"{line}:\n{ended.stderr}"
    report = str(Path(place, "reports", "runner.xml"))

    def judged():
        """The names of all expectations, and of those that were missed."""
        cases = [case for suite in junitparser.JUnitXml.fromfile(report) for case in suite]
        return [case.name for case in cases], [case.name for case in cases if case.result]

    every, missed = judged()
    assert len(every) == 3 and not missed, (every, missed)
    Path(place, "guard.toml").write_text(guard.replace("valid_loss.max = 0.01", "valid_loss.max = 1e-9"))
    ended = call(place, environment, "sh", "-c", commands.splitlines()[1])
    assert ended.returncode == 1 and "too high" in ended.stderr, ended.stderr
    assert judged() == (["best.valid_loss.max = 1e-9", *every[1:]], ["best.valid_loss.max = 1e-9"]), judged()
    print("Continuous integration: green, and red where it should be")


with tempfile.TemporaryDirectory() as place:
    shutil.copytree(ROOT / "experiments", Path(place, "experiments"))
    # The programs call `runner` by its name.
    Path(place, "bin").mkdir()
    shutil.copy(PROGRAM, Path(place, "bin", "runner"))
    environment = dict(os.environ, RUNNER=str(PROGRAM))
    environment["PATH"] = f"{place}/bin{os.pathsep}{environment['PATH']}"
    subprocess.run([PROGRAM, "experiments/plane.toml", "--quiet"], cwd=place, check=True)
    for title, code in programs:
        with mlflow_server(place) if title == "MLflow" else contextlib.nullcontext() as address:
            if address:
                environment["MLFLOW_TRACKING_URI"] = address
            ended = subprocess.run(
                [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True
            )
            assert ended.returncode == 0, f"{title}:\n{ended.stderr}"
            assert ended.stdout.strip(), f"{title} prints nothing"
            if address:
                check_mlflow(place, address, ended.stdout)
        print(f"{title}: runs")
    check_javascript(place)
    check_r(place, environment)
    check_latex(place, environment)
    check_guard(place, environment)

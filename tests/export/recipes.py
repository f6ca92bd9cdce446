"""Runs every Python program of docs/elsewhere.md and docs/models.md's ONNX part, each as it stands.

Needs what they import: duckdb, numpy, onnxruntime, pandas, polars, and the package `runner` of this project.
Usage: python tests/export/recipes.py PATH/TO/runner
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.argv[1]).resolve()

page = (ROOT / "docs/elsewhere.md").read_text(encoding="utf-8")
blocks = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
programs = [
    (title, code)
    for title, text in blocks
    for code in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
]
assert len(programs) >= 5, [title for title, _ in programs]

with tempfile.TemporaryDirectory() as place:
    shutil.copytree(ROOT / "experiments", Path(place, "experiments"))
    # The programs call `runner` by its name.
    Path(place, "bin").mkdir()
    shutil.copy(PROGRAM, Path(place, "bin", "runner"))
    environment = dict(os.environ, RUNNER=str(PROGRAM))
    environment["PATH"] = f"{place}/bin{os.pathsep}{environment['PATH']}"
    subprocess.run([PROGRAM, "experiments/plane.toml", "--quiet"], cwd=place, check=True)
    for title, code in programs:
        ended = subprocess.run(
            [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True
        )
        assert ended.returncode == 0, f"{title}:\n{ended.stderr}"
        assert ended.stdout.strip(), f"{title} prints nothing"
        print(f"{title}: runs")

"""Runs the notebooks of docs/ as a person does, and looks at what they show.

Needs nbclient, ipykernel, numpy, pandas, and the package `runner` of this project.
Usage: python tests/export/notebooks.py
"""

import shutil
import tempfile
from pathlib import Path

import nbclient
import nbformat

ROOT = Path(__file__).parents[2]
codes = []
for name in ("notebook.ipynb", "notebook.ja.ipynb"):
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(ROOT / "experiments", Path(place, "experiments"))
        Path(place, "docs").mkdir()
        notebook = nbformat.read(ROOT / "docs" / name, as_version=4)
        nbformat.validate(notebook)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any(cell.outputs for cell in cells), f"{name} is kept without outputs"
        nbclient.NotebookClient(notebook, resources={"metadata": {"path": f"{place}/docs"}}).execute()
        shown = [output.data for cell in cells for output in cell.outputs if "data" in output]
        assert len(shown) == len(cells), f"{name}: each cell shows something"
        pages = [data["text/html"] for data in shown if "<iframe" in data.get("text/html", "")]
        assert len(pages) == 1 and "report" in pages[0], f"{name} shows the page"
        codes.append([cell.source for cell in cells])
        print(f"{name}: {len(cells)} cells run")
assert codes[0] == codes[1], "both languages have the same programs"

"""A stored model's predictions, made by the program itself."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path
from typing import Any

from ._program import call


class Model:
    """A trained network in a safetensors file.

    Predictions are the program's own: the same numbers as ``runner predict`` writes.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise FileNotFoundError(f"there is no model {self.path}")

    def predict(self, data: Any) -> Any:
        """The prediction for each row of ``data``.

        :param data: an array (samples, columns) of the table's columns before scaling, in the order of the
            training data; or a frame with the columns' names, which may have more columns in any order; or
            the path of a file that ``runner predict`` reads.
        :returns: an array of NumPy: numbers (samples,), or (samples, targets) of several targets; for
            classes their names.
        """
        columns = self._columns(data)
        if "class" in columns:
            return _array(columns["class"], as_numbers=False)
        of_classes = [name for name in columns if name.startswith("class_")]
        if of_classes:
            return _table(columns, of_classes, as_numbers=False)
        if "prediction" in columns:
            return _array(columns["prediction"])
        return _table(columns, [name for name in columns if name.startswith("prediction_")])

    def predict_proba(self, data: Any) -> Any:
        """The probability of each class for each row of ``data``, as :meth:`predict` takes it.

        :returns: an array (samples, classes); of a network with one output for two classes (samples,), the
            probability of the second.
        """
        columns = self._columns(data)
        if "probability" in columns:
            return _array(columns["probability"])
        names = [name for name in columns if name.startswith("probability_")]
        if not names:
            raise ValueError("a model of numbers has no probabilities")
        return _table(columns, names)

    def table(self, data: Any) -> list[dict[str, str]]:
        """All that ``runner predict`` writes for ``data``: a row for each sample, each cell a text."""
        columns = self._columns(data)
        names = list(columns)
        return [dict(zip(names, cells)) for cells in zip(*columns.values())]

    def _columns(self, data: Any) -> dict[str, list[str]]:
        if isinstance(data, (str, os.PathLike)):
            return self._of_file(os.fspath(data))
        with tempfile.TemporaryDirectory() as folder:
            if hasattr(data, "columns") and hasattr(data, "shape"):
                path = os.path.join(folder, "data.csv")
                if hasattr(data, "write_csv"):  # polars
                    data.write_csv(path)
                else:
                    data.to_csv(path, index=False)
            else:
                import numpy

                path = os.path.join(folder, "data.npy")
                numpy.save(path, numpy.ascontiguousarray(data, dtype=float))
            return self._of_file(path)

    def _of_file(self, path: str) -> dict[str, list[str]]:
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "predictions.csv")
            call(["predict", self.path, path, "--out", out, "--quiet"])
            with open(out, encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
        cells = zip(*rows) if rows else ((),) * len(header)
        return {name: list(column) for name, column in zip(header, cells)}

    def __repr__(self) -> str:
        return f"Model({str(self.path)!r})"


def _array(cells: list[str], as_numbers: bool = True) -> Any:
    import numpy

    if as_numbers:
        # A row that cannot be predicted has an empty cell.
        return numpy.array([float(cell) if cell else numpy.nan for cell in cells])
    return numpy.array(cells)


def _table(columns: dict[str, list[str]], names: list[str], as_numbers: bool = True) -> Any:
    import numpy

    return numpy.column_stack([_array(columns[name], as_numbers) for name in names])

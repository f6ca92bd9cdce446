"""The results of an experiment, read from the files that the program left."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import Any

from ._model import Model
from ._program import Error, call


class Results:
    """A directory of results: its tables as frames, its models, its page.

    A frame is one of pandas where pandas is installed, else one of polars. An empty cell is a missing value
    and nothing else is: a variant may be called ``NA``.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)
        if not (self.directory / "runs.csv").is_file():
            raise Error(f"{self.directory} holds no results: there is no runs.csv", 2)

    @property
    def runs(self) -> Any:
        """A row for each run: its configuration, its seed, how it ended, and its figures."""
        return self.frame("runs")

    @property
    def history(self) -> Any:
        """A row for each epoch of each run."""
        return self.frame("history")

    @property
    def summary(self) -> Any:
        """A row for each configuration, over its replicates."""
        return self.frame("summary")

    @property
    def comparison(self) -> Any:
        """A row for each pair that was compared; an error where nothing could be."""
        return self.frame("comparison")

    def frame(self, table: str, library: str | None = None) -> Any:
        """A table as a frame of ``library``: ``"pandas"`` or ``"polars"``; by default of the one that is
        installed, pandas first.
        """
        path = self.directory / f"{table}.csv"
        if not path.is_file():
            raise Error(f"{self.directory} has no {table}.csv", 2)
        if library is None:
            library = _installed()
        if library == "pandas":
            import warnings

            import pandas

            # Newer versions read floats exactly by themselves, and say so.
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="The 'float_precision'")
                return pandas.read_csv(
                    path, keep_default_na=False, na_values=[""], float_precision="round_trip"
                )
        if library == "polars":
            import polars

            return polars.read_csv(path, infer_schema_length=None, null_values=[""])
        raise ValueError(f"a frame is one of pandas or polars, not of {library!r}")

    @property
    def expectations(self) -> list[dict[str, Any]]:
        """What ``[expect]`` of the experiment asks for, judged: of each what is expected, whether it is ``met``,
        and in ``words`` what came out.
        """
        said = call(["compare", self.directory, "--json"], accept=(0, 1))
        return json.loads(said)["expectations"]

    @property
    def manifest(self) -> dict[str, Any]:
        """Versions, digests, machine and times."""
        return json.loads((self.directory / "manifest.json").read_text(encoding="utf-8"))

    @property
    def models(self) -> list[Model]:
        """The trained networks that were kept."""
        return [Model(path) for path in sorted((self.directory / "models").glob("*.safetensors"))]

    @property
    def page(self) -> Path:
        """The page to look at."""
        return self.directory / "report.html"

    def _repr_html_(self) -> str:
        """The page, shown within a notebook."""
        if not self.page.is_file():
            return f"<p>{html.escape(repr(self))}</p>"
        page = html.escape(self.page.read_text(encoding="utf-8"), quote=True)
        return (
            f'<iframe srcdoc="{page}" style="width: 100%; height: 800px; border: 0" '
            'title="The report of the experiment"></iframe>'
        )

    def __repr__(self) -> str:
        return f"Results({str(self.directory)!r})"


def _installed() -> str:
    import importlib.util

    for library in ("pandas", "polars"):
        if importlib.util.find_spec(library) is not None:
            return library
    raise ImportError("install pandas or polars to read the tables: pip install pandas")

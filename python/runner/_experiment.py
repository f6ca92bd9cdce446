"""Training an experiment."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any, Iterator, Mapping

from ._program import call
from ._results import Results


def run(
    experiment: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    fresh: bool = False,
    progress: bool = False,
    set: Mapping[str, Any] | None = None,
    **keys: Any,
) -> Results:
    """Trains what is not yet trained of an experiment, and returns its results.

    :param experiment: the path of the experiment file.
    :param out: where the results go; else ``results/<name>`` in the current directory.
    :param jobs: how many threads; else one for each core. It changes no result.
    :param fresh: forget the runs that are there already.
    :param progress: show the progress on stderr.
    :param set: keys of the file and their values, as in ``{"training.epochs": 50}``.
    :param keys: the same with two underscores for each point: ``training__epochs=50``.
    :raises Error: if the experiment or its data is wrong, or a run failed.

    Runs that diverged are results; where all did, the results come back too.
    """
    arguments: list[str] = ["run", os.fspath(experiment), "--json"]
    for key, value in _settings(set, keys):
        arguments += ["--set", f"{key}={_toml(value)}"]
    if out is not None:
        arguments += ["--out", os.fspath(out)]
    if jobs is not None:
        arguments += ["--jobs", str(jobs)]
    if fresh:
        arguments.append("--fresh")
    said = json.loads(call(arguments, progress=progress, accept=(0, 1)))
    return Results(Path(out) if out is not None else Path("results", said["name"]))


def check(
    experiment: str | os.PathLike[str],
    *,
    set: Mapping[str, Any] | None = None,
    **keys: Any,
) -> str:
    """What the program thinks of an experiment: its warnings, as text.

    :raises Error: if the experiment or its data is wrong.
    """
    arguments = ["check", os.fspath(experiment)]
    for key, value in _settings(set, keys):
        arguments += ["--set", f"{key}={_toml(value)}"]
    return call(arguments).strip()


def _settings(
    given: Mapping[str, Any] | None, keys: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    yield from (given or {}).items()
    for key, value in keys.items():
        yield key.replace("__", "."), value


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    if hasattr(value, "tolist"):  # an array or a number of NumPy
        value = value.tolist()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return repr(value)
    if isinstance(value, (str, os.PathLike)):
        # A JSON text is a TOML text, but for this character.
        text = json.dumps(os.fspath(value), ensure_ascii=False)
        return text.replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        pairs = (f"{_toml(str(key))} = {_toml(inner)}" for key, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple, range)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    raise TypeError(f"TOML has no value for {value!r}")

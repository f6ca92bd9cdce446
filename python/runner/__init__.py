"""Experiments with small neural networks, from Python.

>>> import runner
>>> results = runner.run("plane.toml", training__epochs=50)   # doctest: +SKIP
>>> results.summary                                           # doctest: +SKIP
>>> results                                  # in a notebook: the page   # doctest: +SKIP

All work is done by the program ``runner``, which this package brings along: the same experiment gives the
same bytes from Python as from a terminal.
"""

from ._experiment import check, run
from ._model import Model
from ._program import Error, program, version
from ._results import Results

__all__ = ["Error", "Model", "Results", "check", "program", "run", "version"]

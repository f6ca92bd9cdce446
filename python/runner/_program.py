"""The program: where it is, and how it is called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Sequence


class Error(Exception):
    """What the program says of an experiment, of data or of a directory that it cannot use.

    ``code`` is its exit code: 1 if some runs failed or all diverged, 2 if something asked for is wrong,
    130 if it was interrupted.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def program() -> Path:
    """The path of the program: what the environment variable ``RUNNER`` names, else the one that was
    installed with this package, else the first on the search path.
    """
    named = os.environ.get("RUNNER")
    if named:
        return Path(named)
    name = "runner.exe" if os.name == "nt" else "runner"
    folders = [sysconfig.get_path("scripts"), str(Path(sys.executable).parent)]
    for scheme in (f"{os.name}_user", "posix_user", "nt_user"):
        if scheme in sysconfig.get_scheme_names():
            folders.append(sysconfig.get_path("scripts", scheme))
    for folder in folders:
        path = Path(folder) / name
        if path.is_file():
            return path
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(
            f"there is no program {name} in {folders[0]} or on the search path"
        )
    return Path(found)


def version() -> str:
    """The version of the program, as in ``0.1.0``."""
    return call(["--version"]).split()[-1]


def call(
    arguments: Sequence[str | os.PathLike[str]],
    *,
    progress: bool = False,
    accept: Sequence[int] = (0,),
    directory: str | os.PathLike[str] | None = None,
) -> str:
    """Calls the program and returns what it writes to stdout.

    With ``progress``, its progress goes to stderr as it comes. Another exit code than those of ``accept``
    is an :class:`Error` with the program's own message.
    """
    command = [os.fspath(program()), *map(os.fspath, arguments)]
    with subprocess.Popen(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if progress else subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            out, messages = process.communicate()
        except KeyboardInterrupt:
            # The program gets the signal of a terminal too; in a notebook it must be passed on.
            process.terminate()
            process.communicate()
            raise
    if process.returncode not in accept:
        said = (messages or "").strip() or f"runner ended with exit code {process.returncode}"
        raise Error(said, process.returncode)
    return out

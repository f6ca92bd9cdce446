"""Reads the CSV tables of results with pandas, polars, DuckDB and R, and compares what each has read.

Row counts, which columns are numbers, the sum of every column of numbers, and of every column of texts how many there
are and how many characters they have must be the same. Needs duckdb, pandas,
polars and Rscript. Usage: python tests/export/tables.py PATH/TO/runner DIR…
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars

# Readers add in different orders.
SUM_ERROR = 1e-9

# What a table is to R: its rows, and for each column the sum of its numbers, or what there is of its texts.
R = r"""
arguments <- commandArgs(TRUE)
quoted <- function(text) paste0('"', gsub('"', '\\\\"', gsub('\\\\', '\\\\\\\\', text)), '"')
for (path in arguments) {
  table <- read.csv(path, na.strings = "", check.names = FALSE)
  columns <- sapply(names(table), function(name) {
    column <- table[[name]]
    empty <- all(is.na(column))
    value <- if (empty) "null" else if (is.numeric(column)) {
      # A sum of numbers close to the largest may be none; JSON of Python's knows it as Infinity.
      sub("Inf", "Infinity", sprintf("%.17g", sum(column, na.rm = TRUE)))
    } else {
      texts <- column[!is.na(column)]
      sprintf("\"%d texts of %d\"", length(texts), sum(nchar(as.character(texts))))
    }
    paste0(quoted(name), ": ", value)
  })
  cat("{\"rows\": ", nrow(table), ", \"columns\": {", paste(columns, collapse = ", "), "}}\n", sep = "")
}
"""


def of_pandas(path):
    table = pandas.read_csv(path, keep_default_na=False, na_values=[""])
    numbers = table.select_dtypes("number").columns
    columns = {}
    for name in table.columns:
        if table[name].isna().all():
            columns[name] = None
        else:
            texts = table[name].dropna().astype(str)
            said = f"{len(texts)} texts of {texts.str.len().sum()}"
            columns[name] = float(table[name].sum()) if name in numbers else said
    return len(table), columns


def of_polars(path):
    table = polars.read_csv(path, infer_schema_length=None)
    columns = {}
    for name, column in zip(table.columns, table.get_columns()):
        if column.null_count() == len(column):
            columns[name] = None
        else:
            texts = column.drop_nulls().cast(polars.String)
            said = f"{len(texts)} texts of {texts.str.len_chars().sum()}"
            is_number = column.dtype.is_numeric()
            columns[name] = float(column.cast(polars.Float64).sum()) if is_number else said
    return len(table), columns


def of_duckdb(path):
    table = duckdb.read_csv(str(path), sample_size=-1)
    columns = {}
    for name, kind in zip(table.columns, table.types):
        quoted = '"' + name.replace('"', '""') + '"'
        is_number = str(kind) in ("BIGINT", "DOUBLE", "HUGEINT", "UBIGINT", "INTEGER")
        said = f"count({quoted}) || ' texts of ' || sum(length({quoted}::varchar))"
        what = f"sum({quoted}::double)" if is_number else said
        columns[name] = table.aggregate(f"case when count({quoted}) > 0 then {what} end").fetchall()[0][0]
    return len(table), columns


def of_r(paths):
    with tempfile.NamedTemporaryFile("w", suffix=".R") as script:
        script.write(R)
        script.flush()
        said = subprocess.run(
            ["Rscript", "--vanilla", script.name, *map(str, paths)], capture_output=True, text=True
        )
    assert said.returncode == 0, said.stderr
    read = map(json.loads, said.stdout.splitlines())
    return [(table["rows"], table["columns"]) for table in read]


def agree(one, other):
    """Whether two readers see the same in a column."""
    if not (isinstance(one, float) and isinstance(other, (int, float))):
        return one == other
    return math.isclose(one, other, rel_tol=SUM_ERROR, abs_tol=0.0) or one == other


# Names that are missing values to some readers, and a column with 8 and full.
HOSTILE = """
replicates = 2
[data]
source = "plane"
samples = 40
validation = 0.5
[model]
layers = [2, 3, 1]
[training]
epochs = 3
learning_rate = 0.1
[variants.NA]
seed = 1
[variants.None]
seed = 2
[variants.TRUE]
seed = 3
[sweep]
training.batch_size = [8, "full"]
"""


def main():
    program, *directories = sys.argv[1:]
    with tempfile.TemporaryDirectory() as place:
        Path(place, "hostile.toml").write_text(HOSTILE)
        program = Path(program).resolve()
        subprocess.run([program, "hostile.toml", "--quiet"], cwd=place, check=True)
        hostile = Path(place, "results", "hostile")
        paths = [path for directory in [hostile, *directories] for path in sorted(Path(directory).glob("*.csv"))]
        columns = 0
        for path, of_this_r in zip(paths, of_r(paths)):
            readers = {
                "pandas": of_pandas(path),
                "polars": of_polars(path),
                "DuckDB": of_duckdb(path),
                "R": of_this_r,
            }
            rows, first = readers["pandas"]
            for reader, (own_rows, own) in readers.items():
                assert own_rows == rows, f"{path}: {rows} rows to pandas, {own_rows} to {reader}"
                assert list(own) == list(first), f"{path}: other columns to {reader}"
                for name, value in own.items():
                    assert agree(first[name], value), f"{path}, {name}: {first[name]} to pandas, {value} to {reader}"
            columns += len(first)
        runs = pandas.read_csv(hostile / "runs.csv", keep_default_na=False, na_values=[""])
        assert set(runs["variant"]) == {"NA", "None", "TRUE"}, set(runs["variant"])
        assert set(runs["training.batch_size"]) == {"8", "full"}
    print(f"pandas, polars, DuckDB and R agree on {columns} columns of {len(paths)} tables")


main()

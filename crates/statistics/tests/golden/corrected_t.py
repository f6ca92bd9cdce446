"""Writes corrected_t.json: the corrected resampled t-test by NumPy and SciPy.

Nadeau and Bengio 2003: t = mean / sqrt(s^2 (1/J + n_valid/n_train)) with J - 1 degrees of freedom, of
differences or of logarithms of ratios; Bouckaert and Frank 2004 for J = folds * replicates.
Needs NumPy and SciPy; the stored values are of NumPy 2.4.6 and SciPy 1.17.1:

    python crates/statistics/tests/golden/corrected_t.py > corrected_t.json
"""

import json

import numpy as np
from scipy import stats

LEVEL = 0.05


def test(a, b, ratio, logarithms):
    """The test of paired values, the interval of the mean difference, and A's own interval."""
    a, b = np.array(a), np.array(b)
    d = np.log(a) - np.log(b) if logarithms else a - b
    j = len(d)
    error = np.sqrt(d.var(ddof=1) * (1 / j + ratio))
    t = d.mean() / error
    margin = stats.t.ppf(1 - LEVEL / 2, j - 1) * error
    own = stats.t.ppf(1 - LEVEL / 2, j - 1) * np.sqrt(a.var(ddof=1) * (1 / j + ratio))
    low, high = d.mean() - margin, d.mean() + margin
    if logarithms:
        low, high = np.exp(low), np.exp(high)
    return {
        "statistic": t,
        "p_value": 2 * stats.t.sf(abs(t), j - 1),
        "interval": [low, high],
        "effect": d.mean() / d.std(ddof=1),
        "interval_of_a": [a.mean() - own, a.mean() + own],
    }


def replicates_needed(effect, folds, ratio):
    """The least number of replicates with a power of 0.8; None: endless ones have less."""
    if stats.norm.sf(stats.norm.ppf(1 - LEVEL / 2) - effect / np.sqrt(ratio)) < 0.8:
        return None
    for replicates in range(1, 1002):
        j = folds * replicates
        if j < 2:
            continue
        critical = stats.t.ppf(1 - LEVEL / 2, j - 1)
        delta = effect / np.sqrt(1 / j + ratio)
        if stats.nct.sf(critical, j - 1, delta) >= 0.8:
            return replicates
    return 1001


random = np.random.default_rng(20)
cases = []
for folds, replicates, ratio in [(5, 1, 0.25), (10, 10, 1 / 9), (2, 3, 1.0), (1, 6, 88 / 354), (3, 4, 0.5)]:
    j = folds * replicates
    table = random.normal(0, 0.1, j)  # what a part does to both
    a = np.exp(-1 + table + random.normal(0, 0.05, j))
    b = np.exp(-0.93 + table + random.normal(0, 0.05, j))
    cases.append({
        "folds": folds,
        "replicates": replicates,
        "valid_per_train": ratio,
        "a": a.tolist(),
        "b": b.tolist(),
        "differences": test(a, b, ratio, False),
        "logarithms": test(a, b, ratio, True),
    })

needed = [
    {"effect": effect, "folds": folds, "valid_per_train": ratio,
     "replicates": replicates_needed(effect, folds, ratio)}
    for effect, folds, ratio in [
        (3.0, 5, 0.25), (1.5, 5, 0.25), (1.45, 5, 0.25), (1.4, 5, 0.25), (1.0, 5, 0.25), (1.0, 10, 1 / 9), (0.95, 10, 1 / 9),
        (0.9, 10, 1 / 9), (2.0, 1, 88 / 354), (1.6, 1, 88 / 354), (6.0, 2, 1.0), (2.81, 2, 1.0), (0.1, 10, 1 / 9),
    ]
]

print(json.dumps({"tests": cases, "replicates_needed": needed}, indent=1))

"""Writes metrics.json: the metrics of drawn predictions, by scikit-learn.

`pip install scikit-learn numpy`, then `python metrics.py > metrics.json`. Predictions are logits; the
numbers have few digits, so that some scores are equal. An undefined metric is null.
"""

import json
import warnings

import numpy as np
from sklearn import metrics as m

warnings.simplefilter("ignore")
random = np.random.default_rng(7)
ZERO = {"zero_division": 0}


def defined(value):
    return None if value is None or np.isnan(value) else float(value)


def of_classes(truth, predicted, average):
    ratios = [m.precision_score, m.recall_score, m.f1_score]
    precision, recall, f1 = (ratio(truth, predicted, **average, **ZERO) for ratio in ratios)
    return {
        "accuracy": m.accuracy_score(truth, predicted),
        "balanced_accuracy": m.balanced_accuracy_score(truth, predicted),
        "precision": precision,
        "recall": recall,
        "f1": f1,
    }


def cross_entropy(samples, classes, drawn, positive=1):
    logits = np.round(random.normal(size=(samples, classes)) * 1.5, 1)
    truth = random.integers(0, drawn, size=samples)
    logits[np.arange(samples), truth] += random.normal(size=samples)
    logits = np.round(logits, 1)
    predicted = logits.argmax(1)
    average = {"pos_label": positive} if classes == 2 else {"average": "macro"}
    expected = of_classes(truth, predicted, average)
    every = len(set(truth)) == classes
    if classes == 2:
        auc = m.roc_auc_score(truth, logits[:, 1] - logits[:, 0]) if every else None
    else:
        shares = np.exp(logits - logits.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        auc = m.roc_auc_score(truth, shares, multi_class="ovr") if every else None
    expected["auc"] = auc
    return case("cross_entropy", logits, truth[:, None], expected, positive)


def bce(samples, outputs, positive=1):
    truth = (random.uniform(size=(samples, outputs)) < 0.3).astype(int)
    logits = np.round(random.normal(size=(samples, outputs)) + truth - 0.5, 1)
    predicted = (logits > 0).astype(int)
    columns = [
        of_classes(truth[:, i], predicted[:, i], {"pos_label": positive})
        | {"auc": m.roc_auc_score(truth[:, i], logits[:, i])}
        for i in range(outputs)
    ]
    expected = {name: np.mean([column[name] for column in columns]) for name in columns[0]}
    return case("bce", logits, truth, expected, positive)


def numbers(samples, outputs, constant=False):
    truth = np.round(random.normal(size=(samples, outputs)) * [3 ** i for i in range(outputs)], 2)
    if constant:
        truth[:, -1] = 0.5
    predicted = np.round(truth + random.normal(size=(samples, outputs)), 2)
    expected = {
        "r2": None if constant else m.r2_score(truth, predicted),
        "mae": m.mean_absolute_error(truth, predicted),
        "rmse": m.root_mean_squared_error(truth, predicted),
    }
    return case("mse", predicted, truth, expected, 1)


def case(loss, predictions, targets, expected, positive):
    return {
        "loss": loss,
        "positive": positive,
        "predictions": predictions.tolist(),
        "targets": targets.astype(float).tolist(),
        "expected": {name: defined(value) for name, value in expected.items()},
    }


CASES = [
    cross_entropy(40, 2, 2),
    cross_entropy(40, 2, 2, positive=0),
    cross_entropy(9, 2, 1),
    cross_entropy(60, 3, 3),
    cross_entropy(30, 5, 5),
    cross_entropy(12, 5, 3),
    cross_entropy(1, 3, 3),
    bce(50, 1),
    bce(50, 1, positive=0),
    bce(40, 3),
    numbers(30, 1),
    numbers(25, 3),
    numbers(10, 1, constant=True),
    numbers(10, 2, constant=True),
]
print("[\n" + ",\n".join(json.dumps(one) for one in CASES) + "\n]")

"""Makes training_f32.json: the curves of training.json in PyTorch's float32.

    python crates/engine/tests/golden/make_f32.py      (needs torch; the stored file: torch 2.15.0, CPU, 1 thread)

Same layout as training.json, but only what differs from it: name, loss_history and final weights
and biases of each case. Each epoch's loss is the sample-weighted mean (in float64) of the batch
losses before each update, without penalties.
"""

import json
import pathlib

import torch

torch.set_num_threads(1)
here = pathlib.Path(__file__).parent
golden = json.loads((here / "training.json").read_text())

F = torch.nn.functional
ACTIVATIONS = {
    "identity": lambda u: u, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu,
    "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "gelu": F.gelu,
    "gelu_tanh": lambda u: F.gelu(u, approximate="tanh"), "silu": F.silu,
    "softplus": F.softplus, "hard_sigmoid": F.hardsigmoid, "mish": F.mish,
}
LOSSES = {
    "half_mse": lambda p, t: F.mse_loss(p, t) / 2, "mse": F.mse_loss, "mae": F.l1_loss,
    "huber": F.huber_loss, "bce": F.binary_cross_entropy_with_logits,
    "cross_entropy": lambda p, t: F.cross_entropy(p, t[:, 0].long()),
}
OPTIMIZERS = {
    "sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "nadam": torch.optim.NAdam,
}
SCHEDULES = {
    "step": torch.optim.lr_scheduler.StepLR,
    "exponential": torch.optim.lr_scheduler.ExponentialLR,
    "cosine": torch.optim.lr_scheduler.CosineAnnealingLR,
    "multistep": torch.optim.lr_scheduler.MultiStepLR,
    "linear": torch.optim.lr_scheduler.LinearLR,
}


def curve(case):
    x = torch.tensor(golden["x"], dtype=torch.float32)
    y = torch.tensor(golden["targets"][case["target"]], dtype=torch.float32)
    tensors = [
        [torch.tensor(v, dtype=torch.float32, requires_grad=True) for v in case[kind]]
        for kind in ("weights", "biases")
    ]
    weights, biases = tensors
    options = {**case["optimizer"]}
    rate = options.pop("learning_rate")
    optimizer = OPTIMIZERS[options.pop("name")](weights + biases, lr=rate, **options)
    schedule = None
    if "schedule" in case:
        options = {**case["schedule"]}
        schedule = SCHEDULES[options.pop("name")](optimizer, **options)
    history = []
    for _ in range(case["epochs"]):
        total = 0.0
        for first in range(0, len(x), case["batch_size"]):
            z, t = x[first:][: case["batch_size"]], y[first:][: case["batch_size"]]
            for w, b, activation in zip(weights, biases, case["activations"]):
                z = ACTIVATIONS[activation](z @ w.T + b)
            loss = LOSSES[case["loss"]](z, t)
            total += loss.item() * len(t)
            loss = loss + case.get("l1", 0.0) * sum(w.abs().sum() for w in weights)
            loss = loss + 0.5 * case.get("l2", 0.0) * sum((w * w).sum() for w in weights)
            optimizer.zero_grad()
            loss.backward()
            if "clip_norm" in case:
                torch.nn.utils.clip_grad_norm_(weights + biases, case["clip_norm"])
            if "clip_value" in case:
                torch.nn.utils.clip_grad_value_(weights + biases, case["clip_value"])
            optimizer.step()
        if schedule:
            schedule.step()
        history.append(total / len(x))
    return {
        "name": case["name"],
        "loss_history": [float(f"{v:.9g}") for v in history],
        "final_weights": [[[float(f"{v:.9g}") for v in r] for r in w.tolist()] for w in weights],
        "final_biases": [[float(f"{v:.9g}") for v in b.tolist()] for b in biases],
    }


if __name__ == "__main__":
    cases = [curve(case) for case in golden["cases"]]
    result = {"what": "training.json in float32; see make_f32.py", "torch": torch.__version__,
              "cases": cases}
    (here / "training_f32.json").write_text(json.dumps(result) + "\n")

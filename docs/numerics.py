"""A second implementation of docs/numerics.md, in plain Python, for one small experiment.

It shares no code with the program and needs no package. `python3 docs/numerics.py` prints the
history.csv of the experiment below; the program's own has the same bytes (a test compares them).
"""

import struct
from fractions import Fraction
from math import sqrt

# The experiment, as TOML: the test gives it to the program.
EXPERIMENT = """
name = "numerics"
seed = 42
replicates = 2
[data]
source = "plane"
samples = 24
validation = 0.25
[model]
layers = [2, 3, 1]
activations = ["sigmoid", "tanh"]
dropout = 0.25
[training]
loss = "half_mse"
batch_size = 5
epochs = 3
learning_rate = 0.3
optimizer = { name = "sgd", momentum = 0.9 }
"""
SEED, REPLICATES, SAMPLES, VALIDATION = 42, 2, 24, 0.25
LAYERS, ACTIVATIONS, RATE = [2, 3, 1], ["sigmoid", "tanh"], 0.25
BATCH_SIZE, EPOCHS, LEARNING_RATE, MOMENTUM = 5, 3, 0.3, 0.9

DATA, SPLIT, INIT, SHUFFLE, REPLICATE, DROPOUT = 1, 2, 3, 4, 6, 7


# Arithmetic


def fma(a, b, c):
    """a * b + c, rounded once (a Fraction's conversion to float is correctly rounded)."""
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    return float(exact) if exact else a * b + c


ROUND = 1.5 * 2.0**52
LOG2_E = float.fromhex("0x1.71547652b82fep+0")
LN_2 = [float.fromhex("0x1.62e42fefa39efp-1"), 2.3190468138462996e-17]
EXP = [
    0.5000000000000006,
    0.16666666666666588,
    0.04166666666657676,
    0.008333333333389549,
    0.0013888888931564793,
    0.00019841269719014556,
    2.4801505273892e-05,
    2.7557407535404486e-06,
    2.7626037851024175e-07,
    2.505377740624587e-08,
]


def polynomial(coefficients, x):
    """The odd and the even powers apart, each from the highest down, then joined."""
    square = x * x

    def chain(start):
        terms = coefficients[start::2][::-1]
        total = terms[0]
        for term in terms[1:]:
            total = fma(total, square, term)
        return total

    return fma(chain(1), x, chain(0))


def reduced_expm1(x):
    k = fma(x, LOG2_E, ROUND) - ROUND
    r = fma(-k, LN_2[1], fma(-k, LN_2[0], x))
    return k, fma(r * r, polynomial(EXP, r), r)


def exp(x):
    k, expm1 = reduced_expm1(min(max(x, -746.0), 710.0))
    half = fma(k, 0.5, ROUND) - ROUND
    return (expm1 + 1.0) * 2.0 ** int(half) * 2.0 ** int(k - half)


def sigmoid(u):
    return 1.0 / (1.0 + exp(-u))


def tanh(u):
    size = min(abs(u), 22.0)
    k, expm1 = reduced_expm1(size + size)
    scale = 2.0 ** int(k)
    e = fma(scale, expm1, scale - 1.0)
    value = e / (e + 2.0)
    return value if u >= 0 else -value


ACTIVATION = {
    "sigmoid": (sigmoid, lambda u, z: z * (1.0 - z)),
    "tanh": (tanh, lambda u, z: 1.0 - z * z),
}


# Random numbers


class Random:
    """ChaCha with 8 rounds; the stream's number is the nonce."""

    def __init__(self, seed, stream, part=0):
        key = struct.pack("<Q", seed) + b"runner\0\0" + struct.pack("<Q", part) + bytes(8)
        self.start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key))
        self.stream, self.block, self.words = stream, 0, []

    def word(self):
        if not self.words:
            self.words = self.next_block()
        return self.words.pop(0)

    def next_block(self):
        counter = [self.block & 0xFFFFFFFF, self.block >> 32, self.stream & 0xFFFFFFFF, self.stream >> 32]
        self.block += 1
        start = self.start + counter
        s = list(start)

        def quarter(a, b, c, d):
            for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = (s[x] + s[y]) & 0xFFFFFFFF
                s[z] ^= s[x]
                s[z] = ((s[z] << turn) | (s[z] >> (32 - turn))) & 0xFFFFFFFF

        for _ in range(4):
            for i in range(4):
                quarter(i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        return [(a + b) & 0xFFFFFFFF for a, b in zip(s, start)]

    def bits53(self):
        low = self.word()
        return ((self.word() << 32) | low) >> 11

    def uniform(self, low, high):
        return self.bits53() * 2.0**-53 * (high - low) + low

    def below(self, bound):
        product = self.word() * bound
        if product & 0xFFFFFFFF < bound:
            threshold = (2**32 - bound) % bound
            while product & 0xFFFFFFFF < threshold:
                product = self.word() * bound
        return product >> 32

    def shuffle(self, values):
        for i in range(len(values) - 1, 0, -1):
            j = self.below(i + 1)
            values[i], values[j] = values[j], values[i]


# Data: the playground's plane, and which rows are kept for validation


def plane():
    random, rows = Random(SEED, DATA), []
    for _ in range(SAMPLES):
        x1, x2 = random.uniform(-6.0, 6.0), random.uniform(-6.0, 6.0)
        n1, n2 = random.uniform(-6.0, 6.0) * 0.0, random.uniform(-6.0, 6.0) * 0.0
        rows.append(([x1, x2], [((x1 + n1) + (x2 + n2)) / 10.0]))
    return rows


def split(rows):
    order = list(range(len(rows)))
    Random(SEED, SPLIT).shuffle(order)
    kept = set(order[: round(VALIDATION * len(rows))])
    return [r for i, r in enumerate(rows) if i not in kept], [r for i, r in enumerate(rows) if i in kept]


# The network


def init(seed):
    random, layers = Random(seed, INIT), []
    for n_in, n_out in zip(LAYERS, LAYERS[1:]):
        a = sqrt(6.0 / (n_in + n_out))
        weights = [[random.uniform(-a, a) for _ in range(n_in)] for _ in range(n_out)]
        layers.append((weights, [0.0] * n_out))
    return layers


def zeros():
    return [([[0.0] * i for _ in range(o)], [0.0] * o) for i, o in zip(LAYERS, LAYERS[1:])]


def draw_masks(random):
    """What dropout multiplies the outputs of each hidden layer by, for the next sample."""
    kept = 1.0 / (1.0 - RATE)
    return [[0.0 if random.word() < int(RATE * 2**32) else kept for _ in range(nodes)] for nodes in LAYERS[1:-1]]


def forward(layers, x, masks=()):
    """Of each layer the sums and the outputs; and what each layer gets."""
    sums, outputs, inputs = [], [], [x]
    for layer, ((weights, biases), name) in enumerate(zip(layers, ACTIVATIONS)):
        u = []
        for row, bias in zip(weights, biases):
            total = bias
            for w, value in zip(row, inputs[-1]):
                total = fma(w, value, total)
            u.append(total)
        sums.append(u)
        outputs.append([ACTIVATION[name][0](value) for value in u])
        masked = layer < len(masks)
        inputs.append([r * z for r, z in zip(masks[layer], outputs[-1])] if masked else outputs[-1])
    return sums, outputs, inputs


def half_mse(predictions, targets):
    total = 0.0
    for p, t in zip(predictions, targets):
        total = fma(p - t, p - t, total)
    return total / (len(predictions) + len(predictions))


def backward(layers, sums, outputs, inputs, masks, targets, gradients):
    error = [p - t for p, t in zip(outputs[-1], targets)]
    for layer in reversed(range(len(layers))):
        slope = ACTIVATION[ACTIVATIONS[layer]][1]
        delta = [e * slope(u, z) for e, u, z in zip(error, sums[layer], outputs[layer])]
        d_weights, d_biases = gradients[layer]
        for node, d in enumerate(delta):
            for i, value in enumerate(inputs[layer]):
                d_weights[node][i] = fma(d, value, d_weights[node][i])
            d_biases[node] += d
        error = [0.0] * len(inputs[layer])
        for d, row in zip(delta, layers[layer][0]):
            for i, w in enumerate(row):
                error[i] = fma(w, d, error[i])
        if layer > 0:
            error = [e * r for e, r in zip(error, masks[layer - 1])]


def update(values, gradients, momenta, share):
    for i, g in enumerate(gradients):
        momenta[i] = fma(MOMENTUM, momenta[i], g * share)
        values[i] = fma(-LEARNING_RATE, momenta[i], values[i])


def step(layers, momenta, batch, random):
    """One update; the samples' losses and predictions before it."""
    gradients, losses, predictions = zeros(), [], []
    for x, targets in batch:
        masks = draw_masks(random)
        sums, outputs, inputs = forward(layers, x, masks)
        losses.append(half_mse(outputs[-1], targets))
        predictions.append(((x, targets), outputs[-1]))
        backward(layers, sums, outputs, inputs, masks, targets, gradients)
    share = 1.0 / (len(batch) * LAYERS[-1])
    for (weights, biases), (d_weights, d_biases), (m_weights, m_biases) in zip(layers, gradients, momenta):
        for row, d_row, m_row in zip(weights, d_weights, m_weights):
            update(row, d_row, m_row, share)
        update(biases, d_biases, m_biases, share)
    return losses, predictions


# The run and its history


def shortest(value):
    """As the CSV files have it, for the numbers between 1e-4 and 1e15 that this experiment meets."""
    return repr(value).removesuffix(".0")


def figures(rows, losses, predictions):
    """The mean loss, r2 and the mean absolute error, each summed in the order of `losses`."""
    loss = squares = absolute = total = mean = 0.0
    for value in losses:
        loss += value
    for (_, (t,)), (p,) in predictions:
        squares += fma(p - t, p - t, 0.0)
        absolute += abs(p - t)
    for _, (t,) in rows:
        mean += t
    mean /= len(rows)
    for _, (t,) in rows:
        total += (t - mean) * (t - mean)
    return loss / len(rows), 1.0 - squares / total, absolute / len(rows)


def train(run, seed, train_rows, valid_rows):
    layers, momenta = init(seed), zeros()
    random, order, updates = Random(seed, SHUFFLE), list(range(len(train_rows))), 0
    for epoch in range(1, EPOCHS + 1):
        random.shuffle(order)
        losses, predictions, dropout = [], [], Random(seed, DROPOUT, epoch)
        for start in range(0, len(order), BATCH_SIZE):
            batch = [train_rows[i] for i in order[start : start + BATCH_SIZE]]
            own_losses, own_predictions = step(layers, momenta, batch, dropout)
            losses += own_losses
            predictions += own_predictions
            updates += 1
        seen = figures(train_rows, losses, predictions)
        after = [(row, forward(layers, row[0])[1][-1]) for row in valid_rows]
        tried = figures(valid_rows, [half_mse(p, row[1]) for row, p in after], after)
        cells = [seen[0], tried[0], seen[1], seen[2], tried[1], tried[2]]
        head = [str(run), str(epoch), str(updates), str(epoch * len(order)), shortest(LEARNING_RATE)]
        print(",".join(head + [shortest(cell) for cell in cells]))


def main():
    train_rows, valid_rows = split(plane())
    print("run,epoch,updates,samples,learning_rate,train_loss,valid_loss,train_r2,train_mae,valid_r2,valid_mae")
    for replicate in range(REPLICATES):
        train(replicate, Random(SEED, REPLICATE, replicate).bits53(), train_rows, valid_rows)


if __name__ == "__main__":
    main()

"""Writes synthetic.json: the playground's data sets from an independent implementation.

The formulas are those of the package playground-data (pip install playground-data), a Python
translation of tensorflow/playground's dataset.ts; its uniform deviates are replaced by those of
`runner`: ChaCha8 (D. J. Bernstein), key = seed in 8 little-endian bytes, b"runner", zeros; nonce =
stream number 1; two 32-bit words, low one first, give 53 bits of a float in [0, 1).
"""
import json
import struct

from plygdata import dataset


def chacha8_words(seed, stream):
    key = struct.pack("<Q", seed) + b"runner" + bytes(18)
    constants = struct.unpack("<4I", b"expand 32-byte k")
    key_words = struct.unpack("<8I", key)
    nonce = struct.unpack("<2I", struct.pack("<Q", stream))
    counter = 0
    mask = 0xFFFFFFFF
    while True:
        start = list(constants + key_words + struct.unpack("<2I", struct.pack("<Q", counter)) + nonce)
        state = start[:]

        def quarter(a, b, c, d):
            for x, y, z, shift in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                state[x] = (state[x] + state[y]) & mask
                state[z] ^= state[x]
                state[z] = ((state[z] << shift) | (state[z] >> (32 - shift))) & mask

        for _ in range(4):
            for column in range(4):
                quarter(column, 4 + column, 8 + column, 12 + column)
            for diagonal in range(4):
                quarter(diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4)
        yield from ((word + first) & mask for word, first in zip(state, start))
        counter += 1


class Uniform:
    def __init__(self, seed):
        self.words = chacha8_words(seed, 1)

    def random(self):
        low, high = next(self.words), next(self.words)
        return (((high << 32) | low) >> 11) / 2**53


GENERATORS = {
    "plane": dataset.DataGenerator.regress_plane,
    "multi_gaussian": dataset.DataGenerator.regress_gaussian,
    "circle": dataset.DataGenerator.classify_circle,
    "xor": dataset.DataGenerator.classify_xor,
    "gaussian": dataset.DataGenerator.classify_two_gauss,
    "spiral": dataset.DataGenerator.classify_spiral,
}

cases = []
for name, generate in GENERATORS.items():
    for noise in (0.0, 0.35):
        dataset.random = Uniform(7)
        points = [list(map(float, point)) for point in generate(24, noise)]
        cases.append({"source": name, "seed": 7, "samples": 24, "noise": noise, "points": points})
with open("synthetic.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")

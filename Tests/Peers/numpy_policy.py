"""A policy of ours, computed by NumPy in double precision, and written back by it. Usage: numpy_policy.py FOLDER

The formulas are written down here once more, without looking at ours: backpropagation by hand, and differences as its
witness. Prints one line a check and ends with 1 at the first that fails.
"""

import os
import sys

import numpy as np


def check(what, condition, details=""):
    if not condition:
        print(f"FAILED {what} {details}")
        sys.exit(1)
    print(f"ok {what} {details}")


def load(file):
    with np.load(file) as archive:
        return {name: archive[name] for name in archive.files}


def forward(layers, states):
    """What goes into every layer, and the means."""
    values = [states]
    for index, (weights, bias) in enumerate(layers):
        sums = values[-1] @ weights + bias
        values.append(np.tanh(sums) if index < len(layers) - 1 else sums)
    return values


def densities(layers, log_deviation, floor, squash, states, latents):
    means = forward(layers, states)[-1]
    deviation = floor + np.exp(log_deviation)
    each = -0.5 * ((latents - means) / deviation) ** 2 - np.log(deviation) - 0.5 * np.log(2 * np.pi)
    if squash:
        each = each - np.log(1 - np.tanh(latents) ** 2)
    return each.sum(axis=1)


def score(layers, log_deviation, floor, states, latents, weights):
    values = forward(layers, states)
    deviation = floor + np.exp(log_deviation)
    distance = (latents - values[-1]) / deviation
    derivative = weights[:, None] * distance / deviation
    parts = [(weights[:, None] * (distance ** 2 - 1) / deviation).sum(axis=0) * np.exp(log_deviation)]
    for index in range(len(layers) - 1, -1, -1):
        parts = [(values[index].T @ derivative).ravel(), derivative.sum(axis=0)] + parts
        derivative = (derivative @ layers[index][0].T) * (1 - values[index] ** 2)
    return np.concatenate(parts)


def relative(found, expected):
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def main(folder):
    policy = load(os.path.join(folder, "policy.npz"))
    sample = load(os.path.join(folder, "sample.npz"))
    check("NumPy reads the policy", all(array.dtype == np.float32 for array in policy.values()))
    layers = []
    while f"weights{len(layers)}" in policy:
        number = len(layers)
        layers.append((policy[f"weights{number}"].astype(float), policy[f"bias{number}"].astype(float)))
    check("its layers", [weights.shape for weights, _ in layers] == [(5, 16), (16, 12), (12, 3)])
    # As we add it: in double, with the bits of the floats.
    log_deviation, floor = policy["log_deviation"].astype(float), float(policy["deviation_floor"][0])
    squash = policy["squash"][0] == 1
    states, latents = sample["states"].T.astype(float), sample["latents"].T.astype(float)
    weights = sample["weights"].astype(float)
    ours = {name: sample[name + "_upper"].astype(float) + sample[name + "_lower"]
            for name in ("means", "densities", "gradient")}

    means = forward(layers, states)[-1]
    error = relative(ours["means"].reshape(means.T.shape).T, means)
    check("means", error < 1e-12, error)
    error = relative(ours["densities"], densities(layers, log_deviation, floor, squash, states, latents))
    check("densities", error < 1e-12, error)
    expected = score(layers, log_deviation, floor, states, latents, weights)
    error = relative(ours["gradient"], expected)
    check("score", error < 1e-6, error)
    check("score, to what the sample carries", error < 1e-12, error)

    # The formulas here have a witness too.
    step = 1e-6
    flat = np.concatenate([part.ravel() for layer in layers for part in layer] + [log_deviation])

    def total(parameters):
        rest, pieces = parameters, []
        for matrix, bias in layers:
            pieces.append((rest[:matrix.size].reshape(matrix.shape), rest[matrix.size:matrix.size + bias.size]))
            rest = rest[matrix.size + bias.size:]
        return weights @ densities(pieces, rest, floor, squash, states, latents)

    differences = np.array([(total(flat + step * unit) - total(flat - step * unit)) / (2 * step)
                            for unit in np.eye(flat.size)])
    check("score against differences", relative(ours["gradient"], differences) < 1e-6)

    np.savez(os.path.join(folder, "back.npz"), **{name: array.astype(float) for name, array in policy.items()})
    check("NumPy writes it back", os.path.exists(os.path.join(folder, "back.npz")))
    check("and an archive of ours is a proper zip file", __import__("zipfile").ZipFile(
        os.path.join(folder, "policy.npz")).testzip() is None)


main(*sys.argv[1:])

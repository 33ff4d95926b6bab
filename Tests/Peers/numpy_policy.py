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


def philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        first, second = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
        counter = [(second >> 32) ^ counter[1] ^ key[0], second & 0xFFFFFFFF,
                   (first >> 32) ^ counter[3] ^ key[1], first & 0xFFFFFFFF]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter


def single(text):
    return np.float32(float.fromhex(text))


def logarithm(x):
    """In single precision, every operation rounded once."""
    one, half = np.float32(1), np.float32(0.5)
    shifted = int(x.view(np.int32)) + 0x3F800000 - 0x3F3504F3
    exponent = np.float32((shifted >> 23) - 127)
    f = np.int32((shifted & 0x7FFFFF) + 0x3F3504F3).view(np.float32) - one
    s = f / (one + one + f)
    z = s * s
    square = half * f * f
    series = s * (square + z * ((single("0x1.31e0ap-2") * z + single("0x1.995ed6p-2")) * z + single("0x1.55557ap-1")))
    return exponent * single("0x1.62e4p-1") - ((square - (series + exponent * single("0x1.7f7d1cp-20"))) - f)


def turn(turns):
    """Sine and cosine of so many whole turns."""
    shift = single("0x1.8p23")
    shifted = turns * np.float32(4) + shift
    angle = (turns - (shifted - shift) * np.float32(0.25)) * single("0x1.921fb6p2")
    z = angle * angle
    sine = (single("-0x1.9953f2p-13") * z + single("0x1.110778p-7")) * z + single("-0x1.555546p-3")
    cosine = (single("0x1.99e0f2p-16") * z + single("-0x1.6c0c1ap-10")) * z + single("0x1.55554ap-5")
    sine = angle + angle * (z * sine)
    cosine = np.float32(1) - np.float32(0.5) * z + (z * z) * cosine
    quarter = int(shifted.view(np.int32)) & 3
    return ((sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine))[quarter]


def normals(tick, dimensions):
    """What the key (run 0x0123456789abcdef, iteration 7, episode 11, for actions) has for one tick."""
    found = []
    for block in range(dimensions // 4):
        words = [np.float32(word >> 8) * np.float32(2 ** -24) for word in
                 philox((tick, 11, 7, block), (0x89ABCDEF, 0x01234567))]
        for share, turns in (words[:2], words[2:]):
            radius = np.sqrt(np.float32(-2) * logarithm(share + np.float32(2 ** -25)))
            sine, cosine = turn(turns)
            found += [radius * cosine, radius * sine]
    return found


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

    expected = np.array([normals(tick, 8) for tick in range(100)], np.float32)
    check("the same noise, bit by bit", (sample["noise"].view(np.uint32) == expected.view(np.uint32)).all())

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

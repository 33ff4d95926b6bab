"""The work of `bench peers` in NumPy. Usage: speed_numpy.py rollouts LANES | inference"""

import sys

import numpy as np
import speed

f32 = np.float32
TICKS = 200


def network(inputs, outputs):
    generator = np.random.default_rng(0)
    widths = (inputs, 64, 64, outputs)
    return [
        (generator.standard_normal((a, b)).astype(f32) / f32(np.sqrt(a)), np.zeros(b, f32))
        for a, b in zip(widths, widths[1:])
    ]


def mean(layers, x):
    for weights, bias in layers[:-1]:
        x = np.tanh(x @ weights + bias)
    return x @ layers[-1][0] + layers[-1][1]


def rollouts(lanes):
    layers, generator, deviation = network(3, 1), np.random.default_rng(1), f32(0.6)
    seen = np.empty((TICKS, lanes, 3), f32)
    drawn, paid = np.empty((TICKS, lanes), f32), np.empty((TICKS, lanes), f32)

    def work():
        theta = generator.uniform(-np.pi, np.pi, lanes).astype(f32)
        omega = generator.uniform(-1, 1, lanes).astype(f32)
        for tick in range(TICKS):
            o = seen[tick]
            o[:, 0], o[:, 1], o[:, 2] = np.cos(theta), np.sin(theta), omega
            drawn[tick] = mean(layers, o)[:, 0] + deviation * generator.standard_normal(lanes, dtype=f32)
            u = np.clip(drawn[tick], -2, 2)
            paid[tick] = -(theta * theta + f32(0.1) * omega * omega + f32(0.001) * u * u)
            omega = np.clip(omega + (f32(15) * o[:, 1] + f32(3) * u) * f32(0.05), -8, 8)
            theta = theta + omega * f32(0.05)
            theta = theta - f32(2 * np.pi) * np.rint(theta * f32(1 / (2 * np.pi)))

    return work


def inference():
    layers, state = network(11, 3), np.random.default_rng(2).random(11).astype(f32)
    return lambda: mean(layers, state)


what = f"numpy {np.__version__}"
if sys.argv[1] == "rollouts":
    lanes = int(sys.argv[2])
    speed.serve_rate(what, lanes * TICKS, rollouts(lanes))
else:
    speed.serve_latency(what, inference())

"""Many robots of EnvPool, with a policy in NumPy. Usage: speed_envpool.py COUNT [ROBOT]; without a name pendulums"""

import sys
import warnings

warnings.filterwarnings("ignore")

import envpool
import numpy as np
import speed

f32 = np.float32
count, ticks = int(sys.argv[1]), 100
robot = sys.argv[2] if len(sys.argv) > 2 else "Pendulum-v1"
robots = envpool.make(robot, env_type="gymnasium", num_envs=count, num_threads=1)
seen = [robots.reset()[0]]
generator = np.random.default_rng(0)
outputs = robots.action_space.shape[0]
widths = (robots.observation_space.shape[0], 64, 64, outputs)
layers = [(generator.standard_normal((a, b)).astype(f32) / f32(np.sqrt(a)), np.zeros(b, f32)) for a, b in zip(widths, widths[1:])]


def work():
    for _ in range(ticks):
        x = seen[0].astype(f32)
        for weights, bias in layers[:-1]:
            x = np.tanh(x @ weights + bias)
        action = x @ layers[-1][0] + layers[-1][1] + f32(0.6) * generator.standard_normal((count, outputs), dtype=f32)
        seen[0] = robots.step(action)[0]


speed.serve_rate(f"envpool {envpool.__version__}, numpy {np.__version__}", count * ticks, work)

"""The work of `bench peers` in JAX, all of an item in one compiled function.

Usage: speed_jax.py rollouts LANES | gradient | trajectories | iteration LANES | inference | memory LANES
"""

import sys
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import speed

TICKS = 200


def network(inputs, outputs):
    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    return dict(
        w1=jax.random.normal(keys[0], (inputs, 64)) / inputs**0.5,
        b1=jnp.zeros(64),
        w2=jax.random.normal(keys[1], (64, 64)) / 8,
        b2=jnp.zeros(64),
        w3=jax.random.normal(keys[2], (64, outputs)) / 80,
        b3=jnp.zeros(outputs),
        log_deviation=jnp.full(outputs, -0.5),
    )


def mean(p, x):
    hidden = jnp.tanh(x @ p["w1"] + p["b1"])
    hidden = jnp.tanh(hidden @ p["w2"] + p["b2"])
    return hidden @ p["w3"] + p["b3"]


def log_probability(p, x, a):
    distance = (a - mean(p, x)) * jnp.exp(-p["log_deviation"])
    return (-0.5 * distance * distance - p["log_deviation"] - 0.9189385).sum(-1)


def play(p, key, lanes):
    start, noise = jax.random.split(key)
    share = jax.random.uniform(start, (2, lanes))

    def tick(state, key):
        theta, omega = state
        o = jnp.stack([jnp.cos(theta), jnp.sin(theta), omega], -1)
        a = mean(p, o) + jnp.exp(p["log_deviation"]) * jax.random.normal(key, (lanes, 1))
        u = jnp.clip(a[..., 0], -2, 2)
        reward = -(theta * theta + 0.1 * omega * omega + 0.001 * u * u)
        omega = jnp.clip(omega + (15 * jnp.sin(theta) + 3 * u) * 0.05, -8, 8)
        theta = theta + omega * 0.05
        theta = theta - 2 * jnp.pi * jnp.round(theta / (2 * jnp.pi))
        return (theta, omega), (o, a, reward)

    first = (share[0] * 2 * jnp.pi - jnp.pi, share[1] * 2 - 1)
    return jax.lax.scan(tick, first, jax.random.split(noise, TICKS))[1]


def rollouts(lanes):
    p, compiled, key = network(3, 1), jax.jit(partial(play, lanes=lanes)), [jax.random.PRNGKey(0)]

    def work():
        key[0] = jax.random.fold_in(key[0], 1)
        jax.block_until_ready(compiled(p, key[0]))

    return work


def samples():
    generator = np.random.default_rng(0)
    numbers = lambda *shape: jnp.asarray(generator.uniform(-1, 1, shape), jnp.float32)
    return numbers(512, TICKS, 11), numbers(512, TICKS, 3), numbers(512, TICKS)


def gradient():
    p = network(11, 3)
    x, a, w = (s.reshape(512 * TICKS, *s.shape[2:]) for s in samples())
    compiled = jax.jit(jax.grad(lambda p, x, a, w: jnp.mean(log_probability(p, x, a) * w)))
    return lambda: jax.block_until_ready(compiled(p, x, a, w))


def trajectories():
    p, (x, a, w) = network(11, 3), samples()
    one = jax.grad(lambda p, x, a, w: jnp.sum(log_probability(p, x, a) * w))
    compiled = jax.jit(jax.vmap(one, in_axes=(None, 0, 0, 0)))
    return lambda: jax.block_until_ready(compiled(p, x, a, w))


def to_go(rewards):
    def back(rest, reward):
        rest = reward + 0.99 * rest
        return rest, rest

    return jax.lax.scan(back, jnp.zeros(rewards.shape[1]), rewards, reverse=True)[1]


def iteration(lanes):
    p = network(3, 1)
    zeros = jax.tree.map(jnp.zeros_like, p)

    @jax.jit
    def step(p, m, v, count, key):
        o, a, r = play(p, key, lanes)
        sums = to_go(r)
        w = sums - sums.mean(1, keepdims=True)
        g = jax.grad(lambda p: -jnp.mean(log_probability(p, o, a) * w))(p)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        adam = lambda p, m, v: p - 3e-3 * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8)
        return jax.tree.map(adam, p, m, v), m, v, r.sum(0).mean()

    state = [p, zeros, zeros, 1.0, jax.random.PRNGKey(0)]

    def work():
        state[4] = jax.random.fold_in(state[4], 1)
        state[0], state[1], state[2], worth = step(*state)
        state[3] += 1
        float(worth)

    return work


def inference():
    p, state = network(11, 3), np.random.default_rng(2).random(11).astype(np.float32)
    compiled = jax.jit(mean)
    return lambda: np.asarray(compiled(p, state))


what, item = f"jax {jax.__version__}", sys.argv[1]
lanes = int(sys.argv[2]) if len(sys.argv) > 2 else 0
if item == "rollouts":
    speed.serve_rate(what, lanes * TICKS, rollouts(lanes))
elif item == "gradient":
    speed.serve_rate(what, 512 * TICKS, gradient())
elif item == "trajectories":
    speed.serve_rate(what, 512 * TICKS, trajectories())
elif item == "iteration":
    speed.serve_rate(what, 1, iteration(lanes))
elif item == "memory":
    speed.serve_memory(iteration(lanes))
else:
    speed.serve_latency(what, inference())

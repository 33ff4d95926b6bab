"""The work of `bench peers` in PyTorch on the processor.

Usage: speed_torch.py rollouts LANES | gradient BLOCK | trajectories | iteration LANES | inference HOW | memory LANES
"""

import sys

import numpy as np
import speed
import torch
from torch import nn
from torch.distributions import Normal

torch.set_num_threads(1)
torch.manual_seed(0)
TICKS, SAMPLES = 200, 102_400


def network(inputs, outputs):
    return nn.Sequential(
        nn.Linear(inputs, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs)
    )


def play(net, deviation, lanes, record):
    seen, drawn, paid = record
    theta, omega = torch.rand(lanes) * (2 * np.pi) - np.pi, torch.rand(lanes) * 2 - 1
    with torch.no_grad():
        for tick in range(TICKS):
            o = seen[tick]
            o[:, 0], o[:, 1], o[:, 2] = torch.cos(theta), torch.sin(theta), omega
            drawn[tick] = net(o)[:, 0] + deviation * torch.randn(lanes)
            u = drawn[tick].clamp(-2, 2)
            paid[tick] = -(theta * theta + 0.1 * omega * omega + 0.001 * u * u)
            omega = (omega + (15 * o[:, 1] + 3 * u) * 0.05).clamp(-8, 8)
            theta = theta + omega * 0.05
            theta = theta - 2 * np.pi * torch.round(theta / (2 * np.pi))


def room(lanes):
    return torch.empty(TICKS, lanes, 3), torch.empty(TICKS, lanes), torch.empty(TICKS, lanes)


def rollouts(lanes):
    net, record = network(3, 1), room(lanes)
    return lambda: play(net, 0.6, lanes, record)


def samples():
    numbers = lambda *shape: torch.rand(*shape) * 2 - 1
    return numbers(SAMPLES, 11), numbers(SAMPLES, 3), numbers(SAMPLES)


def gradient(block):
    net, log_deviation = network(11, 3), nn.Parameter(torch.full((3,), -0.5))
    parameters = [*net.parameters(), log_deviation]
    x, a, w = samples()

    def work():
        for first in range(0, SAMPLES, block):
            part = slice(first, first + block)
            density = Normal(net(x[part]), log_deviation.exp()).log_prob(a[part]).sum(-1)
            torch.autograd.grad((density * w[part]).sum(), parameters)

    return work


def trajectories():
    net = network(11, 3)
    p = {name: value.detach() for name, value in net.named_parameters()}
    log_deviation = torch.full((3,), -0.5)
    x, a, w = (s.view(512, TICKS, *s.shape[1:]) for s in samples())

    def loss(p, log_deviation, x, a, w):
        distance = (a - torch.func.functional_call(net, p, (x,))) * torch.exp(-log_deviation)
        return ((-0.5 * distance * distance - log_deviation).sum(-1) * w).sum()

    each = torch.func.vmap(torch.func.grad(loss, argnums=(0, 1)), in_dims=(None, None, 0, 0, 0))
    return lambda: each(p, log_deviation, x, a, w)


def iteration(lanes):
    net, log_deviation, record = network(3, 1), nn.Parameter(torch.full((1,), -0.5)), room(lanes)
    optimizer = torch.optim.Adam([*net.parameters(), log_deviation], 3e-3)

    def work():
        play(net, log_deviation.detach().exp(), lanes, record)
        o, a, r = record
        sums, rest = torch.empty_like(r), torch.zeros(lanes)
        for tick in range(TICKS - 1, -1, -1):
            rest = r[tick] + 0.99 * rest
            sums[tick] = rest
        w = sums - sums.mean(1, keepdim=True)
        loss = -(Normal(net(o)[..., 0], log_deviation.exp()).log_prob(a) * w).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return work


def inference(how):
    net, state = network(11, 3), np.random.default_rng(2).random(11).astype(np.float32)
    if how == "script":
        net = torch.jit.freeze(torch.jit.script(net.eval()))

    def work():
        with torch.no_grad():
            return net(torch.as_tensor(state)).numpy()

    return work


what, item = f"torch {torch.__version__}", sys.argv[1]
number = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 0
if item == "rollouts":
    speed.serve_rate(what, number * TICKS, rollouts(number))
elif item == "gradient":
    speed.serve_rate(what, SAMPLES, gradient(number or SAMPLES))
elif item == "trajectories":
    speed.serve_rate(what, SAMPLES, trajectories())
elif item == "iteration":
    speed.serve_rate(what, 1, iteration(number))
elif item == "memory":
    speed.serve_memory(iteration(number))
else:
    speed.serve_latency(what, inference(sys.argv[2]))

"""The score of a policy of ours by PyTorch's own differentiation, in double precision. Usage: torch_policy.py FOLDER

Only the density is written down here; all derivatives are PyTorch's. Prints one line a check and ends with 1 at the
first that fails.
"""

import os
import sys

import numpy as np
import torch


def load(file):
    with np.load(file) as archive:
        return {name: archive[name] for name in archive.files}


def tensor(array):
    return torch.tensor(np.ascontiguousarray(array), dtype=torch.float64)


def check(what, error, limit):
    if not error <= limit:
        print(f"FAILED {what} {error}")
        sys.exit(1)
    print(f"ok {what} {error}")


def main(folder):
    policy = load(os.path.join(folder, "policy.npz"))
    sample = load(os.path.join(folder, "sample.npz"))
    parameters = []
    while f"weights{len(parameters) // 2}" in policy:
        number = len(parameters) // 2
        parameters += [tensor(policy[f"weights{number}"]), tensor(policy[f"bias{number}"])]
    parameters.append(tensor(policy["log_deviation"]))
    for parameter in parameters:
        parameter.requires_grad_()
    value, latents, weights = tensor(sample["states"].T), tensor(sample["latents"].T), tensor(sample["weights"])
    for place in range(0, len(parameters) - 1, 2):
        value = value @ parameters[place] + parameters[place + 1]
        if place + 2 < len(parameters) - 1:
            value = torch.tanh(value)
    deviation = tensor(policy["deviation_floor"])[0] + torch.exp(parameters[-1])
    densities = torch.distributions.Normal(value, deviation).log_prob(latents).sum(dim=1)
    if policy["squash"][0] == 1:
        densities = densities - torch.log1p(-torch.tanh(latents) ** 2).sum(dim=1)
    gradients = torch.autograd.grad((weights * densities).sum(), parameters)
    expected = torch.cat([gradient.reshape(-1) for gradient in gradients]).numpy()
    for name, found in (("densities", densities.detach().numpy()), ("gradient", expected)):
        ours = sample[name + "_upper"].astype(float) + sample[name + "_lower"]
        check(name, np.linalg.norm(ours - found) / np.linalg.norm(found), 1e-6)


main(sys.argv[1])

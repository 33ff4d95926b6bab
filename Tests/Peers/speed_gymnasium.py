"""The loop that users of Gymnasium write, and that of Stable-Baselines3. Usage: speed_gymnasium.py loop|sb3 COUNT"""

import sys
import warnings

warnings.filterwarnings("ignore")

import gymnasium
import speed
import stable_baselines3
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from torch import nn

torch.set_num_threads(1)
gymnasium.logger.min_level = 50
ROBOT, TICKS = "Pendulum-v1", 200


def loop(count):
    robots = gymnasium.make_vec(ROBOT, num_envs=count, vectorization_mode="sync")
    seen = [robots.reset(seed=0)[0]]
    net = nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
    deviation = torch.full((1,), 0.6)

    def work():
        for _ in range(TICKS):
            with torch.no_grad():
                mean = net(torch.as_tensor(seen[0], dtype=torch.float32))
                action = torch.distributions.Normal(mean, deviation).sample().numpy()
            seen[0] = robots.step(action)[0]

    return work


def collect(count):
    learner = PPO("MlpPolicy", make_vec_env(ROBOT, n_envs=count), n_steps=TICKS, batch_size=64, device="cpu")
    _, callback = learner._setup_learn(10**9, None)
    return lambda: learner.collect_rollouts(learner.env, callback, learner.rollout_buffer, TICKS)


count = int(sys.argv[2])
if sys.argv[1] == "loop":
    what = f"gymnasium {gymnasium.__version__}, torch {torch.__version__}"
    speed.serve_rate(what, count * TICKS, loop(count))
else:
    speed.serve_rate(f"stable-baselines3 {stable_baselines3.__version__}", count * TICKS, collect(count))

"""MuJoCo's own ways to step many robots. Usage: speed_mujoco.py rollout|batch COUNT ROBOT.xml

`rollout` does what was drawn beforehand, without a policy; `batch` asks a policy in NumPy before each step.
"""

import sys

import mujoco
import numpy as np
import speed

f32 = np.float32
count, ticks, parts = int(sys.argv[2]), 50, 4
model = mujoco.MjModel.from_xml_path(sys.argv[3])
generator = np.random.default_rng(0)


def rollout():
    from mujoco import rollout

    data = mujoco.MjData(model)
    mujoco.mj_resetData(model, data)
    kind = mujoco.mjtState.mjSTATE_FULLPHYSICS
    start = np.empty(mujoco.mj_stateSize(model, kind))
    mujoco.mj_getState(model, data, start, kind)
    starts = np.tile(start, (count, 1))
    commands = np.repeat(generator.uniform(-1, 1, (count, ticks, model.nu)), parts, axis=1)
    threads = rollout.Rollout(nthread=0)
    return lambda: threads.rollout(model, data, starts, commands)


def batch():
    from mujoco.batch import Batch

    robots = Batch(model, nsim=count, nthread=1)
    places, speeds, commands = robots.bind("qpos"), robots.bind("qvel"), robots.bind("ctrl")
    widths = (model.nq - 1 + model.nv, 64, 64, model.nu)
    layers = [generator.standard_normal((a, b)).astype(f32) / f32(np.sqrt(a)) for a, b in zip(widths, widths[1:])]

    def work():
        robots.reset()
        for _ in range(ticks):
            x = np.concatenate([places[:, 1:], np.clip(speeds, -10, 10)], 1).astype(f32)
            for weights in layers[:-1]:
                x = np.tanh(x @ weights)
            noise = f32(0.6) * generator.standard_normal((count, model.nu), dtype=f32)
            commands[:] = np.clip(x @ layers[-1] + noise, -1, 1)
            robots.step(nstep=parts)

    return work


speed.serve_rate(f"mujoco {mujoco.__version__}, numpy {np.__version__}", count * ticks, {"rollout": rollout, "batch": batch}[sys.argv[1]]())

"""Walks a robot of Gymnasium's with random actions and writes down every bit of it.

    gymnasium_walk.py ROBOT STEPS FILE LIBRARY OFFSETS

The environment is Gymnasium's own code. The MuJoCo beneath it is LIBRARY, the one that our program is linked with: its
Python package has no release of that version for this Python, so the dozen names that an environment takes from it are
made here, from the library and OFFSETS, which say where its structures keep what (`model.nq=4,data.qpos=96,...`). With
`-` for both, the installed package is used instead.

The file has, in doubles: the joints, motors and numbers of an observation, the steps, and for each of two episodes
places and speeds at its start and for each step the action, the observation, the reward and whether it had fallen.
"""
import ctypes
import importlib
import sys
import types

import numpy

robot, steps, path, library, words = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
offsets = {name: int(place) for name, _, place in (word.partition("=") for word in words.split(",") if "=" in word)}


def stand_in():
    mujoco = ctypes.CDLL(library)
    for name in ("mj_loadXML", "mj_makeData"):
        getattr(mujoco, name).restype = ctypes.c_void_p

    def number(base, name, kind):
        return kind.from_address(base + offsets[name]).value

    def array(base, name, *shape):
        place = ctypes.c_void_p.from_address(base + offsets[name]).value
        count = int(numpy.prod(shape))
        if count == 0 or not place:
            return numpy.zeros(shape)
        return numpy.ctypeslib.as_array((ctypes.c_double * count).from_address(place)).reshape(shape)

    class MjModel:
        @staticmethod
        def from_xml_path(file):
            said = ctypes.create_string_buffer(1000)
            base = mujoco.mj_loadXML(file.encode(), None, said, 1000)
            assert base, said.value
            model = MjModel()
            model.base = base
            for name in ("nq", "nv", "nu", "na"):
                setattr(model, name, number(base, "model." + name, ctypes.c_int))
            model.actuator_ctrlrange = array(base, "model.actuator_ctrlrange", model.nu, 2)
            model.opt = types.SimpleNamespace(timestep=number(base, "model.opt.timestep", ctypes.c_double))
            model.vis = types.SimpleNamespace(global_=types.SimpleNamespace())
            return model

    class MjData:
        def __init__(self, model):
            self.base = mujoco.mj_makeData(ctypes.c_void_p(model.base))
            self.qpos = array(self.base, "data.qpos", model.nq)
            self.qvel = array(self.base, "data.qvel", model.nv)
            self.ctrl = array(self.base, "data.ctrl", model.nu)
            self.act = array(self.base, "data.act", model.na)

    def call(name):
        function = getattr(mujoco, name)

        def run(model, data, nstep=1):
            for _ in range(nstep):
                function(ctypes.c_void_p(model.base), ctypes.c_void_p(data.base))

        return run

    module = types.ModuleType("mujoco")
    module.MjModel, module.MjData = MjModel, MjData
    for name in ("mj_step", "mj_forward", "mj_resetData", "mj_rnePostConstraint"):
        setattr(module, name, call(name))
    module.__version__ = "%d" % mujoco.mj_version()
    sys.modules["mujoco"] = module


# Nothing is drawn here.
drawing = types.ModuleType("gymnasium.envs.mujoco.mujoco_rendering")
drawing.MujocoRenderer = lambda *words, **more: None
sys.modules[drawing.__name__] = drawing
if library != "-":
    stand_in()

classes = {"hopper": "HopperEnv", "walker2d": "Walker2dEnv", "half_cheetah": "HalfCheetahEnv"}
environment = getattr(importlib.import_module("gymnasium.envs.mujoco.%s_v4" % robot), classes[robot])()
chance = numpy.random.default_rng(3)
joints, motors = environment.model.nq, environment.model.nu
numbers = [[joints, motors, len(environment.reset(seed=7)[0]), steps]]
for _ in range(2):
    environment.reset()
    numbers.append(numpy.concatenate([environment.data.qpos, environment.data.qvel]))
    for _ in range(steps):
        action = chance.uniform(-1, 1, motors).astype(numpy.float32)
        seen, reward, fallen, _, _ = environment.step(action)
        numbers.append(numpy.concatenate([action.astype(numpy.float64), seen, [reward, float(fallen)]]))
numpy.concatenate(numbers).astype(numpy.float64).tofile(path)
print(sys.modules["mujoco"].__version__, environment.fullpath)

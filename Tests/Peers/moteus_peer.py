"""The vendor's own master against virtual controllers. Usage: moteus_peer.py BENCH COUNT

Prints one line a check and ends with 1 at the first that fails.
"""

import asyncio
import math
import subprocess
import sys

import moteus

CYCLES = 200
# How long it waits for an answer. A loaded machine must not look like a controller that is not there.
PATIENCE = 20.0


def check(what, condition, details=""):
    if not condition:
        print(f"FAILED {what} {details}")
        sys.exit(1)
    print(f"ok {what}")


async def queries(controllers):
    for controller in controllers:
        values = (await controller.query()).values
        check(f"query {controller.id}", values[moteus.Register.MODE] == moteus.Mode.STOPPED, values)
        check("24 volts", abs(values[moteus.Register.VOLTAGE] - 24) <= 0.5, values)
        check("no fault", values[moteus.Register.FAULT] == 0, values)
    missing = 0
    for cycle in range(CYCLES):
        result = await controllers[cycle % len(controllers)].query()
        missing += result is None
    check(f"{CYCLES} queries", missing == 0, missing)


async def identities(transport, controllers):
    for controller in controllers:
        request = controller.make_custom_query(
            {moteus.Register.REGISTER_MAP_VERSION: moteus.INT32, moteus.Register.SERIAL_NUMBER1: moteus.INT32})
        result = (await transport.cycle([request]))[0].values
        check("map version", result[moteus.Register.REGISTER_MAP_VERSION] == 5, result)
        check("serial number", result[moteus.Register.SERIAL_NUMBER1] & 0xFF == controller.id, result)


async def motion(controllers):
    """Every controller to its own place, with commands that keep coming."""
    goals = {controller.id: 0.1 * controller.id for controller in controllers}
    arrived = set()
    while len(arrived) < len(controllers):
        for controller in controllers:
            result = await controller.set_position(
                position=goals[controller.id], velocity_limit=2.0, accel_limit=8.0, maximum_torque=0.5,
                watchdog_timeout=math.nan, query=True)
            values = result.values
            check("in position mode", values[moteus.Register.MODE] in (moteus.Mode.POSITION, moteus.Mode.STOPPED), values)
            if abs(values[moteus.Register.POSITION] - goals[controller.id]) < 0.01:
                arrived.add(controller.id)
    check("all have arrived", True)
    for controller in controllers:
        await controller.set_stop()
        mode = (await controller.query()).values[moteus.Register.MODE]
        check(f"controller {controller.id} is stopped", mode == moteus.Mode.STOPPED, mode)


async def watchdog(controller):
    await controller.set_position(position=math.nan, velocity=0.1, watchdog_timeout=0.05)
    while (await controller.query()).values[moteus.Register.MODE] == moteus.Mode.POSITION:
        await asyncio.sleep(0.01)
    mode = (await controller.query()).values[moteus.Register.MODE]
    check("silence is a timeout", mode == moteus.Mode.TIMEOUT, mode)
    await controller.set_position(position=math.nan, velocity=0.1)
    mode = (await controller.query()).values[moteus.Register.MODE]
    check("and stays one", mode == moteus.Mode.TIMEOUT, mode)
    await controller.set_stop()
    mode = (await controller.query()).values[moteus.Register.MODE]
    check("until a stop", mode == moteus.Mode.STOPPED, mode)


async def console(controller):
    stream = moteus.Stream(controller, use_flow_control=False)
    await stream.command(b"conf set servo.max_current_A 12")
    value = await stream.command(b"conf get servo.max_current_A", allow_any_response=True)
    check("a number set through the console", float(value) == 12, value)
    lines = (await stream.command(b"conf enumerate")).decode().split("\n")
    check("the configuration", any(line.startswith("servo.default_timeout_s 0.1") for line in lines), lines[:4])
    await stream.command(b"d stop")


async def talk(path, count):
    transport = moteus.Fdcanusb(path, command_timeout=PATIENCE, response_timeout=PATIENCE)
    controllers = [moteus.Controller(id=number, transport=transport) for number in range(1, count + 1)]
    await queries(controllers)
    await identities(transport, controllers)
    await motion(controllers)
    await watchdog(controllers[0])
    await console(controllers[0])


def main(bench, count):
    command = [bench, "moteus", count]
    controllers = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        asyncio.run(talk(controllers.stdout.readline().strip(), int(count)))
    finally:
        controllers.stdin.close()
        print(controllers.stdout.read().strip())
        controllers.wait()


main(*sys.argv[1:])

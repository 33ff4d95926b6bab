"""The vendor's own master against virtual servos. Usage: dynamixel_sdk_peer.py BENCH MODEL FIRMWARE COUNT RATE

Prints one line a check and ends with 1 at the first that fails.
"""

import subprocess
import sys
import time

import dynamixel_sdk as sdk
from dynamixel_sdk import port_handler

# How long it waits for an answer, in half milliseconds. A loaded machine, or a virtual one that stands still for some
# seconds, must not look like a servo that is not there.
port_handler.LATENCY_TIMER = PATIENCE = 30_000
# Where no answer is expected.
IMPATIENCE = 100

CYCLES = 200


def check(what, condition, details=""):
    if not condition:
        print(f"FAILED {what} {details}")
        sys.exit(1)
    print(f"ok {what}")


class Master:
    def __init__(self, path, rate):
        self.port = sdk.PortHandler(path)
        self.packets = sdk.PacketHandler(2.0)
        check("open", self.port.openPort() and self.port.setBaudRate(rate))

    def read(self, size, servo, address):
        call = {1: self.packets.read1ByteTxRx, 2: self.packets.read2ByteTxRx, 4: self.packets.read4ByteTxRx}[size]
        value, result, error = call(self.port, servo, address)
        check(f"read {address} of {servo}", (result, error) == (0, 0), (result, error))
        return value

    def write(self, size, servo, address, value, refused=0):
        call = {1: self.packets.write1ByteTxRx, 2: self.packets.write2ByteTxRx, 4: self.packets.write4ByteTxRx}[size]
        result, error = call(self.port, servo, address, value)
        check(f"write {address} of {servo} := {value}", (result, error) == (0, refused), (result, error))


def identities(master, ids, model):
    for servo in ids:
        number, result, error = master.packets.ping(master.port, servo)
        check(f"ping {servo}", (number, result, error) == (model, 0, 0), (number, result, error))
    port_handler.LATENCY_TIMER = IMPATIENCE
    _, result, _ = master.packets.ping(master.port, len(ids) + 1)
    port_handler.LATENCY_TIMER = PATIENCE
    check("silence where nobody is", result == sdk.COMM_RX_TIMEOUT, result)


def scan(master, ids, model):
    # This one wait cannot be set: 0.8 s for all servos together, so it gets a second chance on a machine that stalls.
    for _ in range(5):
        found, result = master.packets.broadcastPing(master.port)
        if result == 0 and sorted(found) == ids:
            break
    check("broadcast ping", result == 0 and sorted(found) == ids, (found, result))
    check("models in it", all(entry[0] == model for entry in found.values()), found)


def registers(master, ids):
    for servo in ids:
        master.write(1, servo, 65, 1)
        check("led is on", master.read(1, servo, 65) == 1)
    master.write(4, ids[0], 116, 4096, refused=6)
    # Inside a body these bytes must be stuffed. Written one by one, because this master (4.1.0) stuffs only a copy of
    # what it sends; what it receives it takes apart rightly.
    header = [0xFF, 0xFF, 0xFD, 0x00]
    for place, byte in enumerate(header):
        master.write(1, ids[0], 224 + place, byte)
    data, result, error = master.packets.readTxRx(master.port, ids[0], 224, len(header))
    check("stuffed data", (list(data), result, error) == (header, 0, 0), (data, result, error))
    check("temperature", 20 <= master.read(1, ids[0], 146) <= 30)


def group_reads(master, ids):
    """Current, velocity and position of all, again and again, by each of the four ways."""
    sync = sdk.GroupSyncRead(master.port, master.packets, 126, 10)
    bulk = sdk.GroupBulkRead(master.port, master.packets)
    for servo in ids:
        check("parameter", sync.addParam(servo) and bulk.addParam(servo, 132, 4))
    ways = [("sync read", sync, sync.txRxPacket), ("fast sync read", sync, sync.fastSyncRead)]
    ways += [("bulk read", bulk, bulk.txRxPacket), ("fast bulk read", bulk, bulk.fastBulkRead)]
    for name, group, ask in ways:
        failures = [result for result in (ask() for _ in range(CYCLES)) if result != 0]
        check(f"{CYCLES} times {name}", not failures, failures)
        for servo in ids:
            position = group.getData(servo, 132, 4)
            check(f"position of {servo} by {name}", position == master.read(4, servo, 132), position)


def motion(master, ids):
    for servo in ids:
        master.write(4, servo, 116, master.read(4, servo, 132))
        master.write(1, servo, 64, 1)
        master.write(1, servo, 11, 4, refused=7)
    goals = sdk.GroupSyncWrite(master.port, master.packets, 116, 4)
    for servo in ids:
        goals.addParam(servo, [0x00, 0x0A, 0x00, 0x00])
    check("sync write", goals.txPacket() == 0)
    for servo in ids:
        while abs(master.packets.read4ByteTxRx(master.port, servo, 132)[0] - 2560) > 60:
            continue
        check(f"servo {servo} has arrived", True)
    consistent(master, ids)
    torque = sdk.GroupBulkWrite(master.port, master.packets)
    for servo in ids:
        torque.addParam(servo, 64, 1, [0])
    check("bulk write", torque.txPacket() == 0)
    check("torque is off", all(master.read(1, servo, 64) == 0 for servo in ids))


def consistent(master, ids):
    """At rest, everything that can be read says the same: the goal, where it is, that it stands still."""
    sync = sdk.GroupSyncRead(master.port, master.packets, 122, 14)
    for servo in ids:
        sync.addParam(servo)
        still = 0
        while still < 30:
            # A servo that swings about its goal stands still for a moment at each turn.
            still = 0 if master.packets.read4ByteTxRx(master.port, servo, 128)[0] else still + 1
    check("sync read of what moves", sync.txRxPacket() == 0)
    for servo in ids:
        check(f"goal of {servo} is kept", master.read(4, servo, 116) == 2560)
        position = sync.getData(servo, 132, 4)
        check(f"servo {servo} is near its goal", abs(position - 2560) <= 60, position)
        check(f"servo {servo} is where it was", abs(position - master.read(4, servo, 132)) <= 2, position)
        check(f"servo {servo} stands still", sync.getData(servo, 122, 1) == 0 and sync.getData(servo, 128, 4) == 0)


def reboot(master, servo):
    master.write(1, servo, 65, 1)
    result, error = master.packets.reboot(master.port, servo)
    check("reboot", (result, error) == (0, 0), (result, error))
    port_handler.LATENCY_TIMER = IMPATIENCE
    while master.packets.ping(master.port, servo)[1] != 0:
        continue
    port_handler.LATENCY_TIMER = PATIENCE
    # The last ping but one may have been answered late, in place of the last one; what is still to come is not for the read.
    time.sleep(1)
    master.port.clearPort()
    check("the reboot has forgotten", master.read(1, servo, 65) == 0)


def main(bench, model, firmware, count, rate):
    command = [bench, model, firmware, count, rate]
    servos = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        master = Master(servos.stdout.readline().strip(), int(rate))
        ids = list(range(1, int(count) + 1))
        identities(master, ids, int(model))
        scan(master, ids, int(model))
        registers(master, ids)
        group_reads(master, ids)
        motion(master, ids)
        reboot(master, ids[0])
        master.port.closePort()
    finally:
        servos.stdin.close()
        print(servos.stdout.read().strip())
        servos.wait()


main(*sys.argv[1:])

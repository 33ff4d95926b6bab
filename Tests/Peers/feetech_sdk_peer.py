"""The vendor's own master against virtual servos. Usage: feetech_sdk_peer.py BENCH COUNT

Prints one line a check and ends with 1 at the first that fails.
"""

import subprocess
import sys

import scservo_sdk as sdk
from scservo_sdk import port_handler

# Half of how long it waits for an answer, in milliseconds. A loaded machine must not look like a servo that is not there.
port_handler.LATENCY_TIMER = 10_000

CYCLES = 200
STS3215 = 777


def check(what, condition, details=""):
    if not condition:
        print(f"FAILED {what} {details}")
        sys.exit(1)
    print(f"ok {what}")


class Master:
    def __init__(self, path):
        self.port = sdk.PortHandler(path)
        # 0: the low byte first, as servos with magnetic encoders have it.
        self.packets = sdk.PacketHandler(0)
        check("open", self.port.openPort() and self.port.setBaudRate(1_000_000))

    def read(self, size, servo, address, faults=0):
        call = {1: self.packets.read1ByteTxRx, 2: self.packets.read2ByteTxRx}[size]
        value, result, error = call(self.port, servo, address)
        check(f"read {address} of {servo}", (result, error) == (0, faults), (result, error))
        return value

    def write(self, size, servo, address, value):
        call = {1: self.packets.write1ByteTxRx, 2: self.packets.write2ByteTxRx}[size]
        result, error = call(self.port, servo, address, value)
        check(f"write {address} of {servo} := {value}", (result, error) == (0, 0), (result, error))


def scan(master, ids):
    for servo in ids:
        model, result, error = master.packets.ping(master.port, servo)
        check(f"ping {servo}", (model, result, error) == (STS3215, 0, 0), (model, result, error))
    port_handler.LATENCY_TIMER, patience = 100, port_handler.LATENCY_TIMER
    _, result, _ = master.packets.ping(master.port, len(ids) + 1)
    port_handler.LATENCY_TIMER = patience
    check("silence where nobody is", result == sdk.COMM_RX_TIMEOUT, result)


def registers(master, ids):
    for servo in ids:
        check("locked after the start", master.read(1, servo, 55) == 1)
        master.write(1, servo, 55, 0)
        master.write(1, servo, 7, 0)
        check("no return delay", master.read(1, servo, 7) == 0)
        check("a supply of seven volts", 68 <= master.read(1, servo, 62) <= 76)
        check("a cool motor", 20 <= master.read(1, servo, 63) <= 30)
    data, result, error = master.packets.readTxRx(master.port, ids[0], 0, 80)
    check("most of the table at once", (len(data), result, error) == (80, 0, 0), (len(data), result, error))
    result, error = master.packets.regWriteTxRx(master.port, ids[0], 48, 2, [0x20, 0x03])
    check("registered write", (result, error) == (0, 0), (result, error))
    check("not carried out yet", master.read(2, ids[0], 48) == 1000 and master.read(1, ids[0], 64) == 1)
    master.packets.action(master.port, sdk.BROADCAST_ID)
    check("carried out", master.read(2, ids[0], 48) == 800 and master.read(1, ids[0], 64) == 0)
    master.write(2, ids[0], 48, 1000)


def group_reads(master, ids):
    """Position, speed, load, voltage, temperature, faults and current of all, again and again."""
    group = sdk.GroupSyncRead(master.port, master.packets, 56, 15)
    for servo in ids:
        check("parameter", group.addParam(servo))
    failures = [result for result in (group.txRxPacket() for _ in range(CYCLES)) if result != 0]
    check(f"{CYCLES} times sync read", not failures, failures)
    for servo in ids:
        position = group.getData(servo, 56, 2)
        check(f"position of {servo}", position == master.read(2, servo, 56), position)
        check(f"temperature of {servo}", 20 <= group.getData(servo, 63, 1) <= 30)


def motion(master, ids):
    goals = sdk.GroupSyncWrite(master.port, master.packets, 42, 2)
    for servo in ids:
        goals.addParam(servo, [0x00, 0x0A])
    check("sync write", goals.txPacket() == 0)
    for servo in ids:
        while abs(master.packets.read2ByteTxRx(master.port, servo, 56)[0] - 2560) > 60:
            continue
        check(f"servo {servo} has arrived", True)
        check("the goal has switched the torque on", master.read(1, servo, 40) == 1)
        consistent(master, servo)
        master.write(1, servo, 40, 0)
        check("torque is off", master.read(1, servo, 40) == 0)


def consistent(master, servo):
    """At rest, everything that can be read says the same: the goal, where it is, that it stands still."""
    still = 0
    while still < 30:
        # A servo that swings about its goal stands still for a moment at each turn.
        moves = master.packets.read1ByteTxRx(master.port, servo, 66)[0]
        still = 0 if moves or master.packets.read2ByteTxRx(master.port, servo, 58)[0] else still + 1
    check(f"goal of {servo} is kept", master.read(2, servo, 42) == 2560)
    position = master.read(2, servo, 56)
    check(f"servo {servo} is near its goal", abs(position - 2560) <= 60, position)
    check(f"servo {servo} is where it was", abs(position - master.read(2, servo, 56)) <= 2, position)
    check(f"servo {servo} stands still", master.read(2, servo, 58) == 0)


def middle(master, servo):
    while master.packets.read1ByteTxRx(master.port, servo, 66)[0] != 0:
        continue
    check("nothing moves any more", True)
    master.write(1, servo, 40, 128)
    check("the middle is here", master.read(2, servo, 56) == 2048)


def main(bench, count):
    command = [bench, "feetech", count]
    servos = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        master = Master(servos.stdout.readline().strip())
        ids = list(range(1, int(count) + 1))
        scan(master, ids)
        registers(master, ids)
        group_reads(master, ids)
        motion(master, ids)
        middle(master, ids[0])
        master.port.closePort()
    finally:
        servos.stdin.close()
        print(servos.stdout.read().strip())
        servos.wait()


main(*sys.argv[1:])

"""The vendor's own master, as fast as it goes. Usage: dynamixel_sdk_bench.py PATH RATE COUNT SECONDS

Reads what `bench bus` reads (the window that it has laid into the indirect registers) with a fast sync read, writes
a goal to each servo with a sync write, and prints how many such cycles a second it made.
"""

import sys
import time

import dynamixel_sdk as sdk

WINDOW, WIDTH, GOAL = 224, 22, 116


def main(path, rate, count, seconds):
    port = sdk.PortHandler(path)
    packets = sdk.PacketHandler(2.0)
    if not (port.openPort() and port.setBaudRate(int(rate))):
        sys.exit("cannot open the port")
    states = sdk.GroupSyncRead(port, packets, WINDOW, WIDTH)
    goals = sdk.GroupSyncWrite(port, packets, GOAL, 4)
    ids = range(1, int(count) + 1)
    for servo in ids:
        states.addParam(servo)
        goals.addParam(servo, [0, 8, 0, 0])
    cycles = failures = 0
    began = time.monotonic()
    while time.monotonic() < began + float(seconds):
        if states.fastSyncRead() != sdk.COMM_SUCCESS:
            failures += 1
        for servo in ids:
            states.getData(servo, WINDOW + 9, 4)
        goals.txPacket()
        cycles += 1
    print((cycles - failures) / (time.monotonic() - began))
    port.closePort()


main(*sys.argv[1:])

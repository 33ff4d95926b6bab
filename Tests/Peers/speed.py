"""What the scripts have in common that do the work of `bench peers` with other people's libraries.

A script says on one line what it is. Then it answers each line that it reads with the numbers of one round.
"""

import sys
import time

SECONDS = 0.4


def serve_rate(what, units, work):
    """Units in a second of processor time, in the best of the repetitions of a round."""
    work()
    work()

    def answer():
        best, end = float("inf"), time.process_time() + SECONDS
        while time.process_time() < end:
            before = time.process_time()
            work()
            best = min(best, time.process_time() - before)
        return [units / best]

    serve(what, answer)


def serve_latency(what, work, calls=3_000):
    """Microseconds of a call: the median and the 99th percentile."""
    for _ in range(200):
        work()

    def answer():
        times = []
        for _ in range(calls):
            before = time.perf_counter()
            work()
            times.append((time.perf_counter() - before) * 1e6)
        times.sort()
        return [times[calls // 2], times[calls * 99 // 100]]

    serve(what, answer)


def serve(what, answer):
    print(what, flush=True)
    for _ in sys.stdin:
        print(*answer(), flush=True)


def serve_memory(work):
    """Two iterations, and how many MB the process had at most. The other side counts the seconds since its start."""
    work()
    work()
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    print(int(peak.split()[1]) / 1024, flush=True)

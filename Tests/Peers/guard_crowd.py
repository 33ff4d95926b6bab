"""Whether a stop gets through to the guard while every place is taken by connections that are never idle.

Usage: guard_crowd.py SOCKET, as root. daemon proposes, bin approves, sys and lp are in neither group.
"""

import json
import os
import socket
import sys

DAEMON, BIN, SYS, LP = 1, 2, 3, 7
PER_USER = 32


def connect(path, user, method, parameters, more=False):
    """A connection of this user, and the first thing that it is told."""
    os.seteuid(0)
    os.setegid(user)
    os.seteuid(user)
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(60)
    link.connect(path)
    call = {"method": "org.understudy.Guard." + method, "parameters": parameters, "more": more}
    try:
        link.sendall(json.dumps(call).encode() + b"\0")
    except BrokenPipeError:
        pass  # the door was closed already; why is there to be read
    answer = b""
    while b"\0" not in answer:
        piece = link.recv(1 << 16)
        if not piece:
            break
        answer += piece
    return link, json.loads(answer.split(b"\0")[0] or b"{}")


def expect(what, is_so, answer):
    if not is_so:
        sys.exit(f"{what}: {answer}")


def main():
    path = sys.argv[1]
    os.setgroups([])
    held = []
    for user in (DAEMON, SYS):
        for number in range(PER_USER):
            link, answer = connect(path, user, "Watch", {}, more=True)
            expect(f"watch {number} of {user}", "error" not in answer and "parameters" in answer, answer)
            held.append(link)
    for user in (DAEMON, SYS):
        _, answer = connect(path, user, "Status", {})
        crowded = {"error": "org.understudy.Guard.Crowded", "parameters": {"limit": PER_USER}}
        expect(f"one too many of {user}", answer == crowded, answer)
    for user in (BIN, LP):
        # Kept, so that the next one finds every place taken as well.
        link, answer = connect(path, user, "Stop", {"why": "a hand"})
        expect(f"stop of {user}", "ordered_at_ns" in answer.get("parameters", {}), answer)
        held.append(link)
    print("all as promised")


main()

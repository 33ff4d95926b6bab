"""Who may do what with the guard, as users of the system, by the official Python package of Varlink.

Usage: guard_roles.py SOCKET FILE SHA256, as root. FILE holds a proposal in base64. daemon is in the group of the
learners, bin in that of the operators, sys in neither. Prints one line a check; ends with 1 at the first that fails.
"""

import os
import sys

import varlink

NAME = "org.understudy.Guard"
USERS = {"daemon": 1, "bin": 2, "sys": 3, "root": 0}
PRICE = {"time_ms": 10 ** 9, "wear_microlives": 10 ** 9, "heat_mj": 10 ** 9, "attention_ms": 10 ** 9}


def attempt(path, user, work):
    """What a process of this user gets: the reply, or the short name of the error."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.setgroups([])
        os.setresgid(USERS[user], USERS[user], USERS[user])
        os.setresuid(USERS[user], USERS[user], USERS[user])
        try:
            with varlink.Client.new_with_address("unix:" + path) as client, client.open(NAME) as guard:
                work(guard)
                answer = "done"
        except varlink.VarlinkError as error:
            answer = error.error().split(".")[-1]
        except Exception as error:  # what it is stands in the failing line
            answer = repr(error)
        os.write(write, answer.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


def main():
    path, file, digest = sys.argv[1:]
    with open(file, encoding="ascii") as text:
        proposal = text.read()
    zero = "0" * 64
    acts = {
        "Propose": lambda g: g.Propose(digest, proposal),
        "Approve": lambda g: g.Approve(zero, "each"),
        "Deny": lambda g: g.Deny(zero, "no"),
        "Adopt": lambda g: g.Adopt("r", zero, "x"),
        "Withdraw": lambda g: g.Withdraw(1, "x"),
        "Grant": lambda g: g.Grant(PRICE, "x"),
        "Resume": lambda g: g.Resume(),
        "ClearFault": lambda g: g.ClearFault(24, "x"),
        "Status": lambda g: g.Status(),
        "Budget": lambda g: g.Budget(),
        "Robot": lambda g: g.Robot(),
        "Watch": lambda g: g.Watch(),
        "Stop": lambda g: g.Stop("a test"),
    }
    readers = {"Status", "Budget", "Robot", "Watch", "Stop"}
    for user in USERS:
        for method, act in acts.items():
            answer = attempt(path, user, act)
            may = method in readers or (user == "daemon") == (method == "Propose") and user in ("daemon", "bin")
            good = answer != "NotAllowed" if may else answer == "NotAllowed"
            if method in readers or (user, method) in (("daemon", "Propose"), ("bin", "Grant")):
                good = answer == "done"
            if not good:
                print(f"FAILED {user} {method}: {answer}")
                sys.exit(1)
            print(f"ok {user} {method}: {answer}")
    answer = attempt(path, "bin", lambda g: g.Approve(digest, "each", None, None, "looks well"))
    print(f"{'ok' if answer == 'done' else 'FAILED'} bin approves: {answer}")
    sys.exit(answer != "done")


main()

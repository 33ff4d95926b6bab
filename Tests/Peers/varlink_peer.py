"""The official Python package of Varlink against ours, both ways. Usage: varlink_peer.py PEER FOLDER GUARD

PEER is our program, FOLDER an empty folder, GUARD the interface of the guard. Prints one line a check and ends with 1 at
the first that fails.
"""

import json
import os
import socket
import subprocess
import sys
import threading

import varlink
from varlink.scanner import Interface

NAME = "org.understudy.Peer"
# How long it waits for an answer. A loaded machine must not look like a server that is not there.
PATIENCE = 60.0


def check(what, condition, details=""):
    if not condition:
        print(f"FAILED {what} {details}")
        sys.exit(1)
    print(f"ok {what}")


def error_of(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except varlink.VarlinkError as error:
        return error.error(), error.parameters()
    return None, None


def introspection(client):
    client.get_interfaces()
    information = client.info
    check("vendor", information["vendor"] == "Understudy", information)
    check("interfaces", information["interfaces"] == ["org.varlink.service", NAME], information)
    interface = client.get_interface(NAME)
    check("description", interface.get_method("Echo").doc is not None)
    check("service description", client.get_interface("org.varlink.service").get_method("GetInfo"))


def calls(client):
    with client.open(NAME) as peer:
        thing = {"name": "é\U0001F600\n", "size": 0.1, "tags": ["a", "b"], "marks": {"x": 2 ** 53 + 1},
                 "kind": "large", "rest": {"a": [1, 2.5, None]}}
        check("echo", peer.Echo(dict(thing))["thing"] == thing)
        bare = {"name": "", "tags": [], "marks": {}, "kind": "small"}
        check("optional values may be missing", peer.Echo(dict(bare))["thing"] == bare)
        check("64 bits", peer.Add(2 ** 63 - 2, 1)["sum"] == 2 ** 63 - 1)
        check("stream", [reply["number"] for reply in peer.Count(100, _more=True)] == list(range(1, 101)))
        for number in range(200):
            check(f"sum {number}", peer.Add(number, number)["sum"] == 2 * number)
        check("oneway", peer.Note("unanswered", _oneway=True) is None)
        check("it arrived", peer.Notes()["texts"] == ["unanswered"])
        caller = peer.Caller()
        check("who we are", (caller["process"], caller["user"]) == (os.getpid(), os.getuid()), caller)
        check("our groups", set(caller["groups"]) == set(os.getgrouplist(user_name(), os.getgid())), caller)


def user_name():
    import pwd
    return pwd.getpwuid(os.getuid()).pw_name


def errors(client):
    with client.open(NAME) as peer:
        name, parameters = error_of(peer.Refuse, 7)
        check("an error of the interface", name == NAME + ".Refused" and parameters["number"] == 7, (name, parameters))
        name, parameters = error_of(peer.Count, 3)
        check("more was expected", name == "org.varlink.service.ExpectedMore", name)
        name, parameters = error_of(peer.Drift)
        check("a drifted reply is none", name == "org.varlink.service.MethodNotImplemented", name)
        check("and the connection still works", peer.Add(1, 2)["sum"] == 3)


def raw(path, *messages):
    """Sends bytes as they are and returns all answers as values."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        connection.sendall(b"".join(json.dumps(message).encode() + b"\0" for message in messages))
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return [json.loads(answer) for answer in received.split(b"\0")[:-1]]


def wire(path):
    """What the package's own client would never send."""
    answers = raw(
        path, {"method": NAME + ".Nothing"}, {"method": "org.nothing.Here"},
        {"method": NAME + ".Add", "parameters": {"left": 1}},
        {"method": NAME + ".Add", "parameters": {"left": 1, "right": 2, "up": 3}},
        {"method": NAME + ".Add", "parameters": {"left": 1, "right": 2.5}},
        {"method": NAME + ".Add", "parameters": {"left": 20, "right": 22}})
    names = [answer.get("error", "").rpartition(".")[2] for answer in answers]
    check("pipelined errors in order", names == ["MethodNotFound", "InterfaceNotFound"] + ["InvalidParameter"] * 3 + [""],
          answers)
    check("parameters by name", [answer["parameters"]["parameter"] for answer in answers[2:5]] == ["right", "up", "right"])
    check("and an answer after them", answers[5]["parameters"] == {"sum": 42}, answers[5])


def their_client(peer, folder):
    path = os.path.join(folder, "ours")
    server = subprocess.Popen([peer, "serve", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        check("our server is ready", server.stdout.readline() == "ready\n")
        with varlink.Client.new_with_address("unix:" + path) as client:
            introspection(client)
            calls(client)
            errors(client)
        wire(path)
    finally:
        server.stdin.close()
        check("our server ends", server.wait(PATIENCE) == 0)
    check("and takes its name away", not os.path.exists(path))


class Refused(varlink.VarlinkError):
    def __init__(self, number):
        super().__init__({"error": NAME + ".Refused", "parameters": {"number": number, "reason": "asked"}})


class Peer:
    """The same service, by the package's own server."""

    def __init__(self):
        self.notes = []

    def Echo(self, thing):
        return {"thing": thing}

    def Add(self, left, right):
        return {"sum": left + right}

    def Count(self, to, _more=True):
        for number in range(1, to + 1):
            yield {"number": number, "_continues": number < to}

    def Note(self, text, _oneway=False):
        self.notes.append(text)
        return {}

    def Notes(self):
        return {"texts": self.notes}

    def Refuse(self, number):
        raise Refused(number)


def their_server(peer, folder):
    description = subprocess.run([peer, "describe"], capture_output=True, text=True, check=True).stdout
    file = os.path.join(folder, NAME + ".varlink")
    with open(file, "w", encoding="utf-8") as out:
        out.write(description)
    service = varlink.Service(vendor="Other", product="People", version="1", url="https://example.org",
                              interface_dir=folder)
    service.interface(NAME)(Peer)

    class Handler(varlink.RequestHandler):
        pass

    Handler.service = service
    path = os.path.join(folder, "theirs")
    server = varlink.ThreadingServer("unix:" + path, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = subprocess.run([peer, "call", path], capture_output=True, text=True, timeout=PATIENCE)
    print(client.stdout.strip())
    check("our client is content with their server", client.returncode == 0, client.stdout + client.stderr)
    server.shutdown()


def guard(file):
    with open(file, encoding="utf-8") as text:
        interface = Interface(text.read())
    check("the name of the guard's interface", interface.name == "org.understudy.Guard", interface.name)
    for name in ["Propose", "Await", "Approve", "Deny", "Stop", "Resume", "ClearFault", "Status", "Watch", "Budget",
                 "Robot"]:
        check(f"method {name}", interface.get_method(name).doc)
    print("members " + " ".join(interface.members))


def main(peer, folder, interface):
    guard(interface)
    their_client(peer, folder)
    their_server(peer, folder)


main(*sys.argv[1:])

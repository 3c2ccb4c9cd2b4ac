"""Plays one scenario at a server, and prints what its clients saw as one JSON document: client.py SCENARIO URL"""

import json
import sys
import threading

import socketio

# Long enough for a slow machine under load; the default is a second.
PATIENCE = 20
TOKEN = "open sesame"

# The client hands each message to a thread of its own, those of attachments too. They are meant to run one after the
# other, and do so if none is interrupted.
sys.setswitchinterval(PATIENCE)


class Seen:
    """What arrived, for others to wait for."""

    def __init__(self):
        self.all = []
        self._changed = threading.Condition()

    def add(self, item):
        with self._changed:
            self.all.append(item)
            self._changed.notify_all()

    def until(self, count):
        """Gives the last of so many."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.all) >= count, PATIENCE):
                raise TimeoutError(f"waited for {count} of {self.all}")
            return self.all[count - 1]


def connected(url):
    client = socketio.Client()
    client.connect(url, auth={"token": TOKEN}, wait_timeout=PATIENCE)
    return client


def collected(client, event):
    seen = Seen()
    client.on(event, lambda *arguments: seen.add(arguments))
    return seen


def collected_told(client):
    seen = Seen()
    client.on("told", lambda message: seen.add(plain(message["text"])))
    return seen


def plain(item):
    return list(item) if isinstance(item, bytes) else item


def everyday(url):
    ann, bob = connected(url), connected(url)
    seen = {
        "began": "polling" if "transport=polling" in ann.eio.base_url else ann.eio.base_url,
        "transport": ann.transport(),
        "rooms": rooms(ann, bob),
        "acks": acks(ann),
        "binary": binary(ann),
        "known": ann.call("who-am-i")["transport"],
    }
    ann.disconnect()
    bob.disconnect()
    return seen


def rooms(ann, bob):
    told = {"ann": collected_told(ann), "bob": collected_told(bob)}
    joined = ann.call("join", "crabs 🦀")
    bob.call("join", "crabs 🦀")
    bob.call("tell", {"room": "crabs 🦀", "text": "to all: naïve \u2028 \0 𝄞"})
    told["ann"].until(1)
    told["bob"].until(1)
    bob.call("tell-others", {"room": "crabs 🦀", "text": b"to ann"})
    told["ann"].until(2)
    left = ann.call("leave", "crabs 🦀")
    bob.call("tell", {"room": "crabs 🦀", "text": "to bob"})
    told["bob"].until(2)
    ann.call("who-am-i")
    return {"joined": joined, "left": left, "told": {name: seen.all for name, seen in told.items()}}


def acks(client):
    client.on("question", lambda question: {"answer": len(question)})
    try:
        never = client.call("no-answer", "hello?", timeout=0.1)
    except socketio.exceptions.TimeoutError:
        never = "timed out"
    return {
        "ours": client.call("echo-ack", (1, "zwei ☂", {"three": [3]})),
        "theirs": client.call("ask-me", "how long is this?"),
        "never": never,
    }


def binary(client):
    echo = collected(client, "echo")
    client.emit("echo", (b"\x00\x80\xff", {"deep": [{"down": b"\x01\x02"}]}, b""))
    first, nested, empty = echo.until(1)
    client.on("question", lambda question: {"backwards": question[::-1]})
    return {
        "echo": [list(first), list(nested["deep"][0]["down"]), list(empty)],
        "mirrored": client.call("mirror", {"name": "abc", "pixels": b"abc"})["pixels"].decode(),
        "answered": client.call("ask-me", b"stressed")["backwards"].decode(),
    }


def refused(url):
    client = socketio.Client()
    reasons = collected(client, "connect_error")
    try:
        client.connect(url, auth={"token": "please"}, wait_timeout=PATIENCE)
        outcome = "let in"
    except socketio.exceptions.ConnectionError as error:
        outcome = str(error)
    client.connect(url, auth={"token": TOKEN}, wait_timeout=PATIENCE)
    is_let_in = client.call("who-am-i")["id"] == client.get_sid()
    client.disconnect()
    return {"outcome": outcome, "reasons": reasons.all, "isLetIn": is_let_in}


def reconnect(url):
    bob = connected(url)
    ann = socketio.Client()
    told, ended, arrivals = collected_told(ann), collected(ann, "disconnect"), Seen()

    @ann.event
    def connect():
        known = ann.call("who-am-i")
        ann.call("join", "news")
        arrivals.add(known)

    ann.connect(url, auth={"token": TOKEN}, wait_timeout=PATIENCE)
    arrivals.until(1)
    bob.call("tell", {"room": "news", "text": "before"})
    told.until(1)
    ann.emit("cut")
    ended.until(1)
    arrivals.until(2)
    bob.call("tell", {"room": "news", "text": "after"})
    told.until(2)
    ann.call("who-am-i")
    seen = {
        "ended": list(ended.all),
        "rooms": [arrival["rooms"] for arrival in arrivals.all],
        "ids": len({arrival["id"] for arrival in arrivals.all}),
        "told": told.all,
        "transport": ann.transport(),
    }
    ann.disconnect()
    bob.disconnect()
    return seen


def heartbeats(url):
    client = connected(url)
    sid = client.get_sid()
    stayed = client.call("stay", 2500)
    is_same = client.call("who-am-i")["id"] == sid
    client.disconnect()
    return {"stayed": stayed, "isSame": is_same}


SCENARIOS = {scenario.__name__: scenario for scenario in (everyday, refused, reconnect, heartbeats)}

if __name__ == "__main__":
    _, name, url = sys.argv
    print(json.dumps(SCENARIOS[name](url)))

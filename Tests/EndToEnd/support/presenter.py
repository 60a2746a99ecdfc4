"""A presenter without a program: publishes documents at a Unix socket, and hears what is said to it."""

import json
import os
import socket
import threading


def place(kind="lesson", step=3, layer=1, head=1, cell=None, **source):
    """Where a presentation is; `source` is what its kind has: lesson and screen, arguments, path."""
    return {"kind": kind, **source, "step": step, "layer": layer, "head": head, "cell": cell}


def question(phase, id="03-recomputing/cells-at-4", options=None, answered=0, **fields):
    """A question in a phase; by default the first of the third lesson."""
    return {"id": id, "ask": "要算多少个格子？", "options": options, "phase": phase, "answered": answered,
            "round": 2 if phase in ("vote-again", "reveal") else 1, **fields}


def document(show, held=None, backstage=None, sequence=1):
    """A state of a presentation."""
    whole = {"sequence": sequence, "language": "zh", "show": show, "sentence": "这一步。", "question": held, "canvas": None}
    return whole if backstage is None else {**whole, "backstage": backstage}


def backstage(counts=(), notes=("先别给提示。",), item=0, **fields):
    """What only the presenter's other terminals are told."""
    return {"items": [{"title": "逐字生成", "minutes": 5, "seconds": 360}, {"title": "算了又算", "minutes": 7, "seconds": 250}],
            "item": item, "notes": list(notes), "counts": [list(round) for round in counts], "values": None, "answer": None,
            "timer": None, "phones": 31, "terminals": 4, **fields}


class Presenter:
    """Listens at a path; each that connects gets the newest line."""

    def __init__(self, path):
        self.path = path
        self.line = b""
        self.peers = []
        self.commands = []
        self.lock = threading.Lock()
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.peers.append(peer)
                if self.line:
                    self.send(peer, self.line)
            threading.Thread(target=self.listen, args=(peer,), daemon=True).start()

    @staticmethod
    def send(peer, line):
        try:
            peer.sendall(line)
        except OSError:
            pass

    def listen(self, peer):
        try:
            for line in peer.makefile(encoding="utf-8", errors="replace"):
                self.commands.append(line.strip())
        except OSError:
            pass

    def publish(self, whole):
        """Makes a document, or bytes, the newest."""
        line = whole if isinstance(whole, bytes) else json.dumps(whole, ensure_ascii=False).encode() + b"\n"
        with self.lock:
            self.line = line
            for peer in self.peers:
                self.send(peer, line)

    def close(self):
        """Is gone, and leaves its socket behind as a killed one does."""
        # A thread in `accept` keeps a closed listener open.
        for end in [self.listener, *self.peers]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
        self.peers = []

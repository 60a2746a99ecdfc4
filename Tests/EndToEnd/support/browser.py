"""A headless browser that opens files, presses keys, clicks, and says what it would have fetched.

Chromium is spoken to through its debugging port: a web socket, JSON both ways.
"""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request

from support.waiting import poll

NAMES = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT = 60

KEYS = {"ArrowRight": 39, "ArrowLeft": 37, "Home": 36, "End": 35, "PageDown": 34, "PageUp": 33}


def found():
    """The browser's path, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class WebSocket:
    """As much of RFC 6455 as one friendly peer on this machine needs."""

    def __init__(self, host, port, path):
        self.socket = socket.create_connection((host, port), timeout=TIMEOUT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            self.rest += self.socket.recv(4096)
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError(f"no web socket: {head[:200]!r}")

    def send(self, text):
        data = text.encode()
        mask = os.urandom(4)
        length = len(data)
        head = b"\x81" + (bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length) if length < 65536
                          else b"\xff" + struct.pack(">Q", length))
        self.socket.sendall(head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(data)))

    def take(self, count):
        while len(self.rest) < count:
            got = self.socket.recv(65536)
            if not got:
                raise OSError("the browser is gone")
            self.rest += got
        data, self.rest = self.rest[:count], self.rest[count:]
        return data

    def receive(self):
        text = b""
        while True:
            first, second = self.take(2)
            length = second & 127
            if length == 126:
                length = struct.unpack(">H", self.take(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.take(8))[0]
            data = self.take(length)
            if first & 15 in (0, 1):
                text += data
                if first & 128:
                    return text.decode()


class Browser:
    """One page of one browser, which is ended with it."""

    def __init__(self, folder):
        self.profile = tempfile.mkdtemp(prefix="browser-", dir=folder)
        with open(os.path.join(self.profile, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [found(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                 "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={self.profile}", "about:blank"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.port = self.wait_for_port()
            self.socket = WebSocket("127.0.0.1", self.port, self.page())
        except Exception:
            self.close()
            raise
        self.number = 0
        self.events = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def wait_for_port(self):
        path = os.path.join(self.profile, "DevToolsActivePort")

        def read():
            if self.process.poll() is not None:
                raise OSError(f"the browser ended with {self.process.returncode}")
            try:
                with open(path, encoding="utf-8") as file:
                    return int(file.readline())
            except (OSError, ValueError):
                return None
        return poll(read, TIMEOUT)

    def page(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/list", timeout=TIMEOUT) as answer:
            targets = json.load(answer)
        address = next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")
        return "/" + address.split("/", 3)[3]

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Calls

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == self.number:
                if "error" in message:
                    raise OSError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def value(self, expression):
        """What an expression of the page is."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise OSError(f"{expression[:80]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    # What somebody does

    def size(self, columns, rows, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=columns, height=rows, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def prefer(self, scheme, media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def allow_scripts(self, allowed):
        self.call("Emulation.setScriptExecutionDisabled", value=not allowed)

    def open(self, path, fragment=""):
        self.visit(f"file://{path}{fragment}")

    def visit(self, url):
        # From a blank page, or another fragment of the same file would be no new page.
        for address in ("about:blank", url):
            self.events = []
            self.call("Page.navigate", url=address)
            deadline = time.monotonic() + TIMEOUT
            while not any(event["method"] == "Page.loadEventFired" for event in self.events):
                if time.monotonic() > deadline:
                    raise OSError(f"{address} is not loaded")
                self.events.append(json.loads(self.socket.receive()))

    def press(self, key):
        text = key if len(key) == 1 else ""
        code = KEYS.get(key, ord(key[0]))
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def click(self, selector):
        """A press of the mouse where the element is, so that one that is covered is not pressed."""
        x, y = self.value(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'nearest'}});"
                          " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def swipe(self, start, end, y):
        """A finger from one column to another, at one height; over when the page has been told, which a browser does not wait for."""
        self.value("window.swiped = new Promise((told) => ['touchend', 'touchcancel'].forEach("
                   "(kind) => document.addEventListener(kind, () => setTimeout(told), {once: true, passive: true}))), 0")
        for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x in points])
        self.value("window.swiped.then(() => true)")

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    # What came of it

    def fetched(self):
        """Addresses of all that was asked for since the page was opened, the page itself left out."""
        return [event["params"]["request"]["url"] for event in self.events
                if event["method"] == "Network.requestWillBeSent" and event["params"].get("type") != "Document"]

    def complaints(self):
        """What the page's console was told."""
        said = [event["params"]["entry"]["text"] for event in self.events if event["method"] == "Log.entryAdded"]
        said += [str(event["params"]["exceptionDetails"])[:300] for event in self.events if event["method"] == "Runtime.exceptionThrown"]
        return said

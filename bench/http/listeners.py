"""Many open event streams, and when each of them hears of a post. Plain sockets and epoll: the listener must not be what is measured."""
import select
import socket
import threading
import time


class Listeners:
    def __init__(self, url, tokens):
        host, port = url[7:].split(":")
        self.waiting = select.epoll()
        self.sockets = {}
        for token in tokens:
            s = socket.create_connection((host, int(port)))
            s.sendall(f"GET /api/v1/streaming/user HTTP/1.1\r\nHost: {url[7:]}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            self.sockets[s.fileno()] = s
            self.waiting.register(s, select.EPOLLIN)
        opened = set()
        while len(opened) < len(self.sockets):
            opened |= {fd for fd, _, answer in self.come(30) if answer.startswith(b"HTTP/1.1 200")}

    def come(self, seconds):
        """What comes next, from however many: (file descriptor, when, bytes)."""
        events = self.waiting.poll(seconds)
        if not events:
            raise SystemExit("streams stay silent")
        return [(fd, time.monotonic(), self.sockets[fd].recv(65536)) for fd, _ in events]

    def hear(self, post):
        """Calls post(); → milliseconds from the call until it was answered, and, ascending, until each stream had its event."""
        began = time.monotonic()
        answered = []

        def call():
            post()
            answered.append((time.monotonic() - began) * 1000)

        posting = threading.Thread(target=call)
        posting.start()
        heard = {}
        while len(heard) < len(self.sockets):
            for fd, when, what in self.come(10):
                if b"event: update" in what:
                    heard.setdefault(fd, (when - began) * 1000)
        posting.join()
        return answered[0], sorted(heard.values())

    def close(self):
        for s in self.sockets.values():
            s.close()
        self.waiting.close()

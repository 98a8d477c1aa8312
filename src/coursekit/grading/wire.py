"""Messages between the grader's processes.

Downwards, to processes that run student code, anything may be pickled. Upwards, from them, come JSON's plain values:
nothing to unpickle, and no part that stands in two places and so unfolds without end. What other values are made of,
``values`` knows.
"""

import json
import pickle
import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LARGEST = 32 * 2**20

_LENGTH = struct.Struct("!Q")


class Closed(Exception):
    """The other end is gone."""


class Late(Exception):
    """The other end did not say anything in time."""


class Forged(Exception):
    """The other end sent what no honest process sends."""


class Line:
    """One end of a connection that carries whole messages."""

    def __init__(self, end: socket.socket, largest: int = 2**40):
        self.end = end
        self.largest = largest

    def send(self, message: Any) -> None:
        self.send_bytes(pickle.dumps(message, protocol=5))

    def send_bytes(self, body: bytes) -> None:
        try:
            self.end.sendall(_LENGTH.pack(len(body)) + body)
        except OSError as error:
            raise Closed(str(error)) from None

    def send_plain(self, message: Any) -> None:
        """Send what `receive_plain` takes; ValueError, TypeError or RecursionError if it holds anything else."""
        self.send_bytes(json.dumps(message).encode("ascii"))

    def hand_over(self, line: "Line") -> None:
        """Give a connection away over this one."""
        try:
            socket.send_fds(self.end, [b"+"], [line.end.fileno()])
        except OSError as error:
            raise Closed(str(error)) from None
        line.close()

    def taken_over(self, largest: int = 2**40) -> "Line":
        """The connection that the other end hands over."""
        mark, ends, *_ = socket.recv_fds(self.end, 1, 1)
        if not mark or not ends:
            raise Closed
        return Line(socket.socket(fileno=ends[0]), largest)

    def receive(self, within: float | None = None) -> Any:
        """The next message of a process that is trusted."""
        return pickle.loads(self.receive_bytes(within))

    def receive_plain(self, within: float | None = None) -> Any:
        """The next message of a process that is not: plain values, or Forged."""
        try:
            return json.loads(self.receive_bytes(within))
        except (Closed, Late, Forged):
            raise
        except Exception as error:
            raise Forged(f"{type(error).__name__} in reading a message") from None

    def receive_bytes(self, within: float | None = None) -> bytes:
        until = None if within is None else time.monotonic() + within
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, until))
        if length > self.largest:
            raise Forged(f"a message of {length} bytes")
        return self._exactly(length, until)

    def has_message(self, within: float) -> bool:
        """Whether something can be read (or the other end has gone) within so many seconds."""
        return bool(select.select([self.end], [], [], max(0.0, within))[0])

    def close(self) -> None:
        self.end.close()

    def _exactly(self, size: int, until: float | None) -> bytes:
        parts = []
        while size:
            if until is not None and not self.has_message(until - time.monotonic()):
                raise Late
            try:
                part = self.end.recv(min(size, 2**20))
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def pair(largest: int = 2**40) -> tuple[Line, Line]:
    one, other = socket.socketpair()
    return Line(one, largest), Line(other, largest)


@contextmanager
def closing(*lines: Line) -> Iterator[None]:
    try:
        yield
    finally:
        for line in lines:
            line.close()

"""A door that takes every caller and never says a word: a server behind a network that swallows packets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SwallowingDoor:
    """Listens on a free port; whoever comes is let in, kept waiting, and counted."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._door.getsockname()[1]
        self.visitors: list[socket.socket] = []
        self._thread = threading.Thread(target=self._let_in, daemon=True)
        self._thread.start()

    @property
    def visits(self) -> int:
        return len(self.visitors)

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)
        for visitor in self.visitors:
            visitor.close()

    def _let_in(self) -> None:
        while True:
            try:
                visitor, _address = self._door.accept()
            except OSError:
                return
            self.visitors.append(visitor)


@contextmanager
def swallowing_door() -> Iterator[SwallowingDoor]:
    door = SwallowingDoor()
    try:
        yield door
    finally:
        door.close()

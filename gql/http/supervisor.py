"""Notifies systemd (sd_notify) that the server is ready, alive, reloading or stopping; without systemd, nobody."""

import os
import socket
import time
from collections.abc import MutableMapping
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"
_ALIVE = "WATCHDOG=1"
_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
MICROSECONDS = 1_000_000


class Supervisor:
    """systemd, as far as the environment names it; its variables are taken out, so that no other process uses them."""

    def __init__(self, environment: MutableMapping[str, str]) -> None:
        address, microseconds, process = (environment.pop(name, "") for name in _VARIABLES)
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        watched = microseconds.isdigit() and process in ("", str(os.getpid()))
        self._pause = int(microseconds) / MICROSECONDS / 3 if watched else None
        self._next = 0.0

    def notify(self, *states: str) -> None:
        """Send the states; a supervisor that does not listen is none."""
        if self._address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sending:
                sending.setblocking(False)
                sending.sendto("\n".join(states).encode(), self._address)

    def notify_reload(self) -> None:
        self.notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def notify_alive(self) -> None:
        """Say three times in the time of the watchdog that the event loop turns."""
        if self._pause is not None and time.monotonic() >= self._next:
            self._next = time.monotonic() + self._pause
            self.notify(_ALIVE)

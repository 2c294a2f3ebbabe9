"""Binds the sockets that a server listens on; why one cannot be opened is a sentence with its remedy."""

import errno
import socket


class ListenRefused(Exception):
    """The message says which address it was, and what to choose instead."""


def bind(host: str, port: int) -> list[socket.socket]:
    """One for each address that the host has here, to be listened on. For port 0 the system chooses free ones."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as fault:
        raise ListenRefused(f"The host {host!r} is not known here; choose another with --host.") from fault
    opened: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            one = socket.socket(family, kind, protocol)
            opened.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
    except OSError as fault:
        for one in opened:
            one.close()
        raise ListenRefused(_refusal(fault, host, port)) from fault
    return opened


def _refusal(fault: OSError, host: str, port: int) -> str:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    match fault.errno:
        case errno.EADDRINUSE:
            return f"{address} is taken by another program; choose another with --port."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine; choose another with --host."
        case errno.EACCES:
            return f"This user may not listen on {address}; choose a port above 1023 with --port."
        case _:
            return f"It cannot listen on {address}: {fault.strerror or fault}. Choose another with --host or --port."

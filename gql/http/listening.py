"""Binds the sockets of the server; a failure becomes a sentence with the remedy."""

import errno
import socket


class ListenRefused(Exception):
    """The server cannot listen; the message has the address and the remedy."""


def bind(host: str, port: int) -> list[socket.socket]:
    """A bound socket for each local address of the host. For port 0 the system chooses free ports."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as fault:
        raise ListenRefused(f"The host {host!r} is unknown on this machine; choose another with --host.") from fault
    opened: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            bound = socket.socket(family, kind, protocol)
            opened.append(bound)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bound.bind(address)
    except OSError as fault:
        for bound in opened:
            bound.close()
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
            return f"Cannot listen on {address}: {fault.strerror or fault}. Choose another with --host or --port."

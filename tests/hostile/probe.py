"""Somebody who asks a cheap query every 20 ms and says how long each answer took. A process of its own: what attacks
the server shall not slow the clock that measures it.

python tests/hostile/probe.py HOST PORT TOKEN prints `moment seconds lateness status` for each answer, on the clock
that all processes share. The lateness is the machine's: how much later than asked this process woke up.
"""

import socket
import sys
import time

EVERY = 0.02
PATIENCE = 60


def main(host: str, port: int, token: str) -> None:
    body = b'{"query":"{ __typename }"}'
    head = f"POST /graphql HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    request, connection = head.encode() + body, None
    late = 0.0
    while True:
        began = time.monotonic()
        try:
            connection = connection or socket.create_connection((host, port), PATIENCE)
            connection.sendall(request)
            status = _status(connection)
        except OSError:
            status = 0
        if status == 0 and connection is not None:
            connection.close()
            connection = None
        ended = time.monotonic()
        print(began, ended - began, late, status, flush=True)
        wake = max(ended, began + EVERY)
        time.sleep(max(0, wake - time.monotonic()))
        late = max(0.0, time.monotonic() - wake)


def _status(connection: socket.socket) -> int:
    """Of an answer with a length; 0 where there is none."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += (piece := connection.recv(65536))
        if not piece:
            return 0
    head, _, rest = received.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0
    )
    while len(rest) < length:
        rest += (piece := connection.recv(65536))
        if not piece:
            return 0
    return int(head.split(b" ", 2)[1])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])

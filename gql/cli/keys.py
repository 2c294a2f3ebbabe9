"""`jobyard keys`: creates keys for secrets in the database, and rotates the stored secrets to a new key."""

import argparse
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from .client import Client, ServerRefused

ROTATE = "mutation Rotate($most: Int!) { rotateSecrets(most: $most) { done left missing } }"
AT_ONCE = 200  # documents in one request
MOST_TRIES = 10  # in a row without a change: running jobs may block a batch for a while


def add_keys(
    parser: argparse.ArgumentParser,
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """The parsers of `new` and of `rotate`."""
    kinds = parser.add_subparsers(required=True, metavar="WHAT")
    new = kinds.add_parser(
        "new", help="print a new key, or insert the new key before the keys of a file; needs no server"
    )
    new.set_defaults(command=make_key)
    new.add_argument(
        "--id", help="the id of the key: letters, digits, dots, hyphens and underscores (the present time)"
    )
    new.add_argument("--file", type=Path, metavar="FILE", help="the file of $JOBYARD_SECRETS_KEY_FILE")
    rotate = kinds.add_parser("rotate", help="encrypt all secrets in the database with the first key of the server")
    rotate.set_defaults(command=rotate_keys)
    return new, rotate


def make_key(options: argparse.Namespace) -> int:
    from ...models.settings import SettingRefused
    from ...resolvers.store.keyring import new_key, open_keyring

    entry = f"{options.id or datetime.now(UTC).strftime('k%Y%m%d%H%M%S')}:{new_key()}"
    file: Path | None = options.file
    try:
        earlier = file.read_text() if file is not None and file.exists() else ""
        open_keyring(f"{entry}\n{earlier}", None)
        if file is not None:
            _write(file, f"{entry}\n{earlier}")
    except SettingRefused as refusal:
        raise ServerRefused(str(refusal)) from refusal
    except (OSError, UnicodeDecodeError) as fault:
        raise ServerRefused(f"{file} cannot be changed: {fault}") from fault
    if file is None:
        print(entry)
        return 0
    print(f"{file}: the key '{entry.partition(':')[0]}' is the first now. Start every server again, one by one.")
    return 0


def _write(file: Path, content: str) -> None:
    """Replace the file atomically: readers get the old keys or the new keys. A new file is readable for its owner
    alone.
    """
    temporary = file.with_name(f".{file.name}.new")
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o600
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    temporary.chmod(mode)
    temporary.replace(file)


def rotate_keys(options: argparse.Namespace) -> int:
    """Print a line for each batch; 1 if secrets are left or a key is missing. A repeated rotation continues."""
    client = Client(options.server, options.token)
    done = tries = 0
    while True:
        batch = client.ask(ROTATE, most=AT_ONCE)["rotateSecrets"]
        done += batch["done"]
        print(f"{done} sealed anew, {batch['left']} left", flush=True)
        tries = 0 if batch["done"] else tries + 1
        if not batch["left"] or tries == MOST_TRIES:
            break
    for key in batch["missing"]:
        print(f"the key '{key}' is missing: what it sealed stays as it is")
    return 1 if batch["left"] or batch["missing"] else 0

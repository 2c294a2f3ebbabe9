"""The keys that seal secrets in the database with AES-256-GCM: the first key seals, every key opens.

An envelope is valid in one place only, for example in one job: the place is part of the authenticated data, so that a
copy in another place does not open.
"""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ...models.errors import SecretsBroken, SecretsKeyMissing
from ...models.json import Json, JsonObject
from ...models.json_text import write_json
from ...models.secrets.masking import MASK
from ...models.secrets.sealing import ENVELOPE, SEALED, Part, changed, key_of, keys_in
from ...models.settings import SettingRefused

KEY_BYTES = 32
NONCE_BYTES = 12
LOST = "lost"  # in place of a key that is gone for good: jobs do not wait for it
MOST_KEYS = 100
LARGEST_FILE = 64 * 1024

_FORMAT = "1"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Keyring:
    """`keys` by id; the first one seals. Without keys, values are stored as they are."""

    def __init__(self, keys: Mapping[str, bytes] = MappingProxyType({}), lost: frozenset[str] = frozenset()) -> None:
        self._ciphers = {id: AESGCM(key) for id, key in keys.items()}
        self.first = next(iter(keys), None)
        self.lost = lost

    def __bool__(self) -> bool:
        return self.first is not None

    @property
    def ids(self) -> list[str]:
        """The ids of the keys that this server has."""
        return list(self._ciphers)

    @property
    def openable(self) -> dict[str, object]:
        """A query's condition for documents without values of a missing key that is not known to be lost."""
        return {SEALED: {"$not": {"$elemMatch": {"$nin": [*self._ciphers, *sorted(self.lost)]}}}}

    def missing_keys(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that this server does not have, and that are not known to be lost."""
        return [key for key in keys if key not in self._ciphers and key not in self.lost]

    def seal(self, place: str, value: Json) -> Json:
        """An envelope of the value that opens in this place only; without a key, the value itself."""
        if self.first is None:
            return value
        return _envelope(self.first, self.encrypt(place, write_json(value)))

    def open(self, place: str, value: Part) -> Part:
        """A copy with every envelope opened; the same object if it has no envelope.

        SecretsKeyMissing for an envelope of a missing key, SecretsBroken for an envelope of another place. A value that
        a lost key sealed becomes a mask.
        """
        return changed(value, lambda envelope: self._open(place, envelope))

    def reseal(self, place: str, value: Part) -> Part:
        """A copy in which the first key seals what other keys sealed. Envelopes that do not open stay as they are."""

        def reseal(envelope: JsonObject) -> Json:
            known = key_of(envelope) in self._ciphers and key_of(envelope) != self.first
            return self.seal(place, self._open(place, envelope)) if known else envelope

        return changed(value, reseal)

    def encrypt(self, place: str, content: bytes) -> bytes:
        """Encrypt the content by the first key."""
        assert self.first is not None
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self.first].encrypt(nonce, content, _bound(self.first, place))

    def decrypt(self, place: str, key: str, content: bytes) -> bytes:
        if key not in self._ciphers:
            raise SecretsKeyMissing(key, place)
        try:
            return self._ciphers[key].decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], _bound(key, place))
        except (InvalidTag, ValueError) as fault:
            raise SecretsBroken(key, place) from fault

    def box(self, place: str, content: bytes) -> tuple[bytes, Json]:
        """The content under a key of its own, and that key in an envelope, which can be sealed again by itself."""
        own, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        return nonce + AESGCM(own).encrypt(nonce, content, place.encode()), self.seal(place, b64encode(own).decode())

    def unbox(self, place: str, box: Json, content: bytes) -> bytes:
        if any(key in self.lost for key in keys_in(box)):
            return orjson.dumps(MASK)
        own = b64decode(str(self.open(place, box)))
        try:
            return AESGCM(own).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as fault:
            raise SecretsBroken(", ".join(keys_in(box)), place) from fault

    def _open(self, place: str, envelope: JsonObject) -> Json:
        if key_of(envelope) in self.lost:
            return MASK
        written = str(envelope[ENVELOPE]).split(":", 2)
        if len(written) != 3 or written[0] != _FORMAT:
            raise SecretsBroken(key_of(envelope), place)
        try:
            content = b64decode(written[2], validate=True)
        except ValueError as fault:
            raise SecretsBroken(written[1], place) from fault
        return orjson.loads(self.decrypt(place, written[1], content))


def place_of_job(job_id: str) -> str:
    return f"job {job_id}"


def new_key() -> str:
    return b64encode(os.urandom(KEY_BYTES)).decode()


def open_keyring(written: str | None, file: Path | None) -> Keyring:
    """Read entries `ID:KEY`, one per line in a file, or separated by commas. Entries of the environment come first.

    SettingRefused for an invalid entry; the message does not contain it.
    """
    keys: dict[str, bytes] = {}
    lost: set[str] = set()
    for source, entry in _entries(written, file):
        id, _, text = (part.strip() for part in entry.partition(":"))
        if not _ID.fullmatch(id):
            raise SettingRefused(
                f"{source}: an entry is ID:KEY, with 1 to 64 letters, digits, dots, hyphens or underscores as its id. "
                "`jobyard keys new` prints one."
            )
        if id in keys or id in lost:
            raise SettingRefused(f"{source}: the key id '{id}' stands there twice.")
        if text == LOST:
            lost.add(id)
            continue
        try:
            key = b64decode(text, validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise SettingRefused(
                f"{source}: the key '{id}' is not {KEY_BYTES} bytes as base64. `jobyard keys new` prints one."
            )
        keys[id] = key
    if len(keys) + len(lost) > MOST_KEYS:
        raise SettingRefused(f"JOBYARD_SECRETS_KEY: {len(keys) + len(lost)} keys are more than {MOST_KEYS}.")
    return Keyring(keys, frozenset(lost))


def _entries(written: str | None, file: Path | None) -> list[tuple[str, str]]:
    found = [("JOBYARD_SECRETS_KEY", one.strip()) for one in re.split(r"[,\n]", written or "")]
    if file is not None:
        source = f"JOBYARD_SECRETS_KEY_FILE {file}"
        try:
            with file.open("rb") as opened:
                lines = opened.read(LARGEST_FILE).decode().splitlines()
        except (OSError, UnicodeDecodeError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "it is not text"
            raise SettingRefused(f"{source} cannot be read: {reason}") from fault
        entries = [(source, line.strip()) for line in lines]
        if not any(entry and not entry.startswith("#") for _, entry in entries):
            raise SettingRefused(f"{source} has no key in it. `jobyard keys new` prints one.")
        found += entries
    return [(source, entry) for source, entry in found if entry and not entry.startswith("#")]


def _envelope(key: str, content: bytes) -> JsonObject:
    return {ENVELOPE: f"{_FORMAT}:{key}:{b64encode(content).decode()}"}


def _bound(key: str, place: str) -> bytes:
    return f"jobyard {_FORMAT}\0{key}\0{place}".encode()

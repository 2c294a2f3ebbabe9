"""The keys that secrets are sealed with in the database: AES-256-GCM, the first key seals, every key opens.

An envelope holds only in the place that it was made for, a job for example: the place is part of what is authenticated,
so one that was copied elsewhere does not open.
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
from ...models.secrets.sealing import ENVELOPE, SEALED, changed, key_of, keys_in
from ...models.settings import SettingRefused

KEY_BYTES = 32
NONCE_BYTES = 12
LOST = "lost"  # in place of a key that is known to be gone: nothing waits for it any more
MOST_KEYS = 100
LARGEST_FILE = 64 * 1024

_FORMAT = "1"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Keyring:
    """`keys` by their ids, the first of which seals; with none, values are stored as they are."""

    def __init__(self, keys: Mapping[str, bytes] = MappingProxyType({}), lost: frozenset[str] = frozenset()) -> None:
        self._ciphers = {id: AESGCM(key) for id, key in keys.items()}
        self.first = next(iter(keys), None)
        self.lost = lost

    def __bool__(self) -> bool:
        return self.first is not None

    @property
    def ids(self) -> list[str]:
        """Of the keys that are here."""
        return list(self._ciphers)

    @property
    def openable(self) -> JsonObject:
        """A query's condition: nothing is sealed by a key that may come back and is not here."""
        return {SEALED: {"$not": {"$elemMatch": {"$nin": [*self._ciphers, *sorted(self.lost)]}}}}

    def missing_keys(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that may come back and are not here."""
        return [key for key in keys if key not in self._ciphers and key not in self.lost]

    def seal(self, place: str, value: Json) -> Json:
        """An envelope of the value, which opens in this place alone; the value itself where there is no key."""
        if self.first is None:
            return value
        return _envelope(self.first, self.encrypt(place, write_json(value)))

    def open(self, place: str, value: Json) -> Json:
        """A copy with every envelope opened; the very same object where there is none.

        SecretsKeyMissing for one of a key that is not here, SecretsBroken for one that was made for another place. A
        mask is in the place of what a lost key sealed.
        """
        return changed(value, lambda envelope: self._open(place, envelope))

    def reseal(self, place: str, value: Json) -> Json:
        """A copy with what other keys sealed sealed by the first one; what cannot be opened stays as it is."""

        def reseal(envelope: JsonObject) -> Json:
            known = key_of(envelope) in self._ciphers and key_of(envelope) != self.first
            return self.seal(place, self._open(place, envelope)) if known else envelope

        return changed(value, reseal)

    def encrypt(self, place: str, content: bytes) -> bytes:
        """By the first key."""
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
        """The content under a key of its own, and that key in an envelope: to be sealed anew without the content."""
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
    """Entries `ID:KEY`, one a line in a file or separated by commas; those of the environment stand before a file's.

    SettingRefused for what is no key; no message shows one.
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

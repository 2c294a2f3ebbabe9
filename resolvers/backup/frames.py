"""The format of a backup: one gzip stream of frames, which end with the counts and a checksum of all frames before.

A frame is one byte and a BSON document: `H` is about the backup, `C` names the collection of the documents that follow,
`D` is a document as it is stored, `E` has the counts by collection and the SHA-256 of everything before it.
"""

import gzip
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

import bson
from bson import BSON
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from typing_extensions import TypedDict

from ...models.json import JsonObject

FORMAT: Final = 1
LARGEST_FRAME: Final = 17 * 1024 * 1024  # more than the largest document of the database
_LEVEL: Final = 6
_AWARE: CodecOptions[JsonObject] = CodecOptions(tz_aware=True)
_LENGTH: Final = struct.Struct("<i")


class BackupDamaged(Exception):
    """The file is no backup, or not all of one; the message says which."""


class BackupHeader(TypedDict, closed=True):
    """`at` is the moment of the database that the backup shows."""

    format: int
    jobyard: str
    state_version: int
    database: str
    at: datetime


@dataclass
class BackupSummary:
    """About a backup: `header` is its first frame."""

    header: BackupHeader
    counts: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def documents(self) -> int:
        return sum(self.counts.values())


class BackupWriter:
    def __init__(self, file: IO[bytes], header: BackupHeader) -> None:
        self._zip = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0)
        self._hash = sha256()
        self.summary = BackupSummary(header)
        self._collection = ""
        self._write(b"H", bson.encode(header))

    def begin_collection(self, name: str) -> None:
        self._collection = name
        self.summary.counts[name] = 0
        self._write(b"C", bson.encode({"name": name}))

    def add_document(self, raw: bytes) -> None:
        self.summary.counts[self._collection] += 1
        self._write(b"D", raw)

    def close(self) -> None:
        """Write the last frame; a file without it is refused."""
        self._write(b"E", bson.encode({"counts": self.summary.counts, "sha256": self._hash.hexdigest()}))
        self._zip.close()

    def _write(self, kind: bytes, raw: bytes) -> None:
        self._hash.update(kind + raw)
        self._zip.write(kind + raw)


def read_frames(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """The frames of a file as (kind, BSON), the last one included; BackupDamaged for anything else."""
    try:
        with gzip.open(path, "rb") as file:
            while kind := file.read(1):
                prefix = file.read(4)
                length = _LENGTH.unpack(prefix)[0] if len(prefix) == 4 else 0
                if kind not in b"HCDE" or not 5 <= length <= LARGEST_FRAME:
                    raise BackupDamaged(f"{path} is damaged: a frame is not one of a backup.")
                raw = prefix + file.read(length - 4)
                if len(raw) < length:
                    raise BackupDamaged(f"{path} is cut off.")
                yield kind, raw
    except EOFError:
        raise BackupDamaged(f"{path} is cut off.") from None
    except (gzip.BadGzipFile, OSError, ValueError) as fault:
        raise BackupDamaged(f"{path} cannot be read as a backup: {fault}") from fault


def name_of(raw: bytes) -> str:
    """The name in a frame that begins a collection."""
    return str(BSON(raw).decode(_AWARE)["name"])


def check_file(path: Path) -> BackupSummary:
    """Read the whole file; BackupDamaged unless it is complete and has what its end says."""
    digest, summary, collection = sha256(), None, ""
    for kind, raw in read_frames(path):
        try:
            if summary is None:
                summary = _summary_of(path, kind, raw)
            elif kind == b"C":
                collection = name_of(raw)
                summary.counts[collection] = 0
            elif kind == b"D" and collection:
                summary.counts[collection] += 1
            elif kind == b"E":
                end = BSON(raw).decode(_AWARE)
                if end != {"counts": summary.counts, "sha256": digest.hexdigest()}:
                    raise BackupDamaged(f"{path} is damaged: its checksum or its counts are others.")
                return summary
            else:
                raise BackupDamaged(f"{path} is damaged: a frame is in the wrong place.")
        except (BSONError, KeyError) as fault:
            raise BackupDamaged(f"{path} is damaged: {fault}") from fault
        digest.update(kind + raw)
    raise BackupDamaged(f"{path} is cut off.")


def _summary_of(path: Path, kind: bytes, raw: bytes) -> BackupSummary:
    header: Any = BSON(raw).decode(_AWARE) if kind == b"H" else {}
    if header.get("format") != FORMAT:
        raise BackupDamaged(f"{path} is no backup of this format ({FORMAT}).")
    return BackupSummary(header)

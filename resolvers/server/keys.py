"""The keys that secrets are sealed with in the database, as who runs the server sees and changes them."""

import logging

from ...models.errors import Fault, RequestInvalid
from ..log_facts import about
from ..services import Services
from ..store.keyring import Keyring
from ..store.rotation import Rotation, RotationResult

MOST_AT_ONCE = 1_000  # documents in one batch

log = logging.getLogger("jobyard")


async def rotate(services: Services, most: int) -> RotationResult:
    """Seal so many documents anew by the first key; to be asked again until nothing is left."""
    if not 1 <= most <= MOST_AT_ONCE:
        message = f"must be from 1 to {MOST_AT_ONCE}, not {most}"
        raise RequestInvalid([Fault("range", "/most", "#/most", message)])
    return await services.rotation.batch(most)


async def report(keyring: Keyring, rotation: Rotation) -> list[str]:
    """Say in the log, once, how secrets are kept; the ids of keys that are missing."""
    missing = await rotation.missing_keys()
    if not keyring:
        log.warning(
            "secrets that workflows mark are masked, and stored as they are: JOBYARD_SECRETS_KEY or "
            "JOBYARD_SECRETS_KEY_FILE seals them in the database (`jobyard keys new` makes a key)",
            extra=about("secrets_unsealed"),
        )
    else:
        log.info(
            "secrets that workflows mark are sealed in the database by the key '%s'",
            keyring.first,
            extra=about("secrets_sealed", key=keyring.first),
        )
    for key in missing:
        log.error(
            "the database has secrets that are sealed by the key '%s', which is not here: jobs that need them wait, "
            "the others go on. Add the key to JOBYARD_SECRETS_KEY or JOBYARD_SECRETS_KEY_FILE, or the entry '%s:lost' "
            "where it is gone for good",
            key,
            key,
            extra=about("key_missing", key=key),
        )
    return missing

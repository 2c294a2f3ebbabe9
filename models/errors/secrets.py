"""Errors of encrypted secrets that this server cannot decrypt."""

from .problem import Problem


class SecretsKeyMissing(Problem):
    code = "SECRETS_KEY_MISSING"
    status = 503

    def __init__(self, key: str, place: str) -> None:
        """`place` names the document with the secrets: "job 5f..."."""
        super().__init__(
            f"Secrets of {place} are sealed by the key '{key}', which this server does not have. Nothing of it is "
            "lost: give the server that key, too, in JOBYARD_SECRETS_KEY or JOBYARD_SECRETS_KEY_FILE, and start it "
            "again.",
            key=key,
            place=place,
        )
        self.key = key


class SecretsBroken(Problem):
    code = "SECRETS_BROKEN"
    status = 500

    def __init__(self, key: str, place: str) -> None:
        super().__init__(
            f"Secrets of {place} do not open with the key '{key}': they were sealed by another key of that id, or for "
            "another place, or were changed in the database. Give each key an id of its own, or restore the document "
            "from a backup.",
            key=key,
            place=place,
        )
        self.key = key

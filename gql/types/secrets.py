"""What became of a batch of secrets that were sealed anew."""

import strawberry

from ...resolvers.store.rotation import Rotated


@strawberry.type(description="A batch of a rotation: what the first key has sealed anew.")
class RotatedSecrets:
    done: int = strawberry.field(description="How many documents were sealed anew.")
    left: int = strawberry.field(description="How many are sealed by another key that the server has; 0: all is done.")
    missing: list[str] = strawberry.field(
        description="Ids of keys that something is sealed by, and that the server does not have."
    )


def as_rotated(rotated: Rotated) -> RotatedSecrets:
    return RotatedSecrets(done=rotated.done, left=rotated.left, missing=rotated.missing)

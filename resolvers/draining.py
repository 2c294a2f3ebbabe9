"""Letting one server take no more work, before it is replaced for example, while what it runs goes on."""

import logging

from ..models.json import JsonObject
from .counting import workers
from .lines import about
from .yard import Yard

log = logging.getLogger("jobyard")


def set_active(yard: Yard, *, active: bool) -> JsonObject:
    """Of this server alone, until it ends: a start elsewhere is none of it. How its workers are then.

    Deactivated, it refuses new starts and takes no jobs over; its own jobs and their children go on.
    """
    if yard.admission.active != active:
        log.warning(
            "the workers are %s",
            "activated" if active else "deactivated: no new starts",
            extra=about("workers_switched", active=active),
        )
    yard.admission.active = active
    yard.runner.let_take_over(willing=active)
    return workers(yard)

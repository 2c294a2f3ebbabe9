"""Counts the commands to the database."""

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from ..metrics import DATABASE_COMMANDS, DATABASE_FAILURES, DATABASE_SECONDS

MICROSECONDS = 1_000_000


class CommandCounts(CommandListener):
    """Names of commands are the driver's: there are few of them."""

    def started(self, event: CommandStartedEvent) -> None:
        """Counted when it has ended."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        DATABASE_COMMANDS.labels(event.command_name).inc()
        DATABASE_SECONDS.observe(event.duration_micros / MICROSECONDS)

    def failed(self, event: CommandFailedEvent) -> None:
        DATABASE_COMMANDS.labels(event.command_name).inc()
        DATABASE_FAILURES.labels(event.command_name).inc()
        DATABASE_SECONDS.observe(event.duration_micros / MICROSECONDS)

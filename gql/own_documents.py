"""What the console and the command line of this release ask: servers that run trusted documents alone run that, too."""

from graphql import parse, print_ast, separate_operations

from . import checking, cli, following, keys, listing, projects, rehearsing, steering
from .build_console import OPERATIONS
from .commands import given, operations

_OF_COMMANDS = (
    checking.CHECK, cli.START, cli.IMPORT, following.EVENTS, following.JOB, following.WAITS, given.JOBS, keys.ROTATE,
    listing.LIST, operations.ACCOUNTS, operations.AUTOMATIONS, operations.CONTINUE, operations.DELETE,
    operations.EXPORT, operations.FINISH, operations.INBOX, operations.PROJECTS, operations.RETRY, operations.REVERT,
    operations.RUN, operations.SHOW, operations.TASKS, operations.TRIGGERS, operations.WORKFLOWS, projects.LIST,
    projects.EXPORT, projects.DELETE, rehearsing.RECORD,
)  # fmt: skip


def own_texts() -> list[str]:
    filled_in = [steering.STEER.format(mutation=mutation) for _, mutation, _ in steering.COMMANDS.values()]
    filled_in += [operations.CLAIM.format(mutation=mutation) for mutation in ("claimTask", "releaseTask")]
    return [*_OF_COMMANDS, *filled_in, *_of_console()]


def _of_console() -> list[str]:
    """None where it was not built, or by an older release."""
    if not OPERATIONS.is_file():
        return []
    return [print_ast(one) for one in separate_operations(parse(OPERATIONS.read_text())).values()]

"""What the console and the command line of this release ask: servers that run trusted documents alone run that, too."""

from graphql import parse, print_ast, separate_operations

from ..cli import arguments, check, commands, follow, keys, listing, main, operations, projects, rehearse
from ..web.build import OPERATIONS

_OF_COMMANDS = (
    check.CHECK, main.START, main.IMPORT, follow.EVENTS, follow.JOB, follow.WAITS, arguments.JOBS, keys.ROTATE,
    listing.LIST, operations.ACCOUNTS, operations.AUTOMATIONS, operations.CONTINUE, operations.DELETE,
    operations.EXPORT, operations.FINISH, operations.INBOX, operations.PROJECTS, operations.RETRY, operations.REVERT,
    operations.RUN, operations.SHOW, operations.TASKS, operations.TRIGGERS, operations.WORKFLOWS, projects.LIST,
    projects.EXPORT, projects.DELETE, rehearse.RECORD,
)  # fmt: skip


def own_texts() -> list[str]:
    filled_in = [commands.STEER.format(mutation=mutation) for _, mutation, _ in commands.CONTROL_COMMANDS.values()]
    filled_in += [operations.CLAIM.format(mutation=mutation) for mutation in ("claimTask", "releaseTask")]
    return [*_OF_COMMANDS, *filled_in, *_of_console()]


def _of_console() -> list[str]:
    """None where it was not built, or by an older release."""
    if not OPERATIONS.is_file():
        return []
    return [print_ast(one) for one in separate_operations(parse(OPERATIONS.read_text())).values()]

"""The operations of this release's console and command line, which every server trusts."""

from graphql import parse, print_ast, separate_operations

from ..cli import (
    arguments,
    audit,
    check,
    commands,
    follow,
    importing,
    keys,
    listing,
    main,
    operations,
    projects,
    pruning,
    rehearse,
)
from ..web.build import OPERATIONS

_COMMAND_TEXTS = (
    check.CHECK, main.START, importing.IMPORT, follow.EVENTS, follow.JOB, follow.WAITS, arguments.JOBS, keys.ROTATE,
    listing.LIST, listing.COUNT, operations.ACCOUNTS, operations.AUTOMATIONS, operations.CONTINUE, operations.DELETE,
    operations.EXPORT, operations.FINISH, operations.FORM, operations.INBOX, operations.PROJECTS, operations.RETRY,
    operations.REVERT, operations.RUN, operations.SHOW, operations.TASKS, operations.TRIGGERS, operations.WORKFLOWS,
    projects.LIST, projects.EXPORT, projects.DELETE, rehearse.RECORD, audit.AUDIT, pruning.PRUNE,
)  # fmt: skip


def own_texts() -> list[str]:
    commands_with_mutation = [
        commands.CONTROL.format(mutation=mutation) for _, mutation, _ in commands.CONTROL_COMMANDS.values()
    ]
    commands_with_mutation += [operations.CLAIM.format(mutation=mutation) for mutation in ("claimTask", "releaseTask")]
    return [*_COMMAND_TEXTS, *commands_with_mutation, *_console_texts()]


def _console_texts() -> list[str]:
    """The operations of the console: an empty list where no console, or that of an older release, was built."""
    if not OPERATIONS.is_file():
        return []
    return [print_ast(document) for document in separate_operations(parse(OPERATIONS.read_text())).values()]

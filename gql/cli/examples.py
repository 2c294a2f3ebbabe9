"""The description and the example of each command, which `COMMAND --help` prints; a test parses the examples."""

import argparse
from typing import Final

EXAMPLES: Final[dict[str, str]] = {
    "serve": "jobyard serve --config /etc/jobyard/jobyard.toml --port 8000",
    "config": "jobyard config --config /etc/jobyard/jobyard.toml --output json",
    "doctor": "jobyard doctor --config /etc/jobyard/jobyard.toml --url https://jobs.example",
    "completion": "jobyard completion bash",
    "fetch-playground": "jobyard fetch-playground",
    "import": "jobyard import workflows/ campus.project.json",
    "check": "jobyard check workflows/",
    "start": 'jobyard start "Greet a device" --var device=edge-1 --wait',
    "follow": "jobyard follow 3f2a9c0d",
    "list": "jobyard list --status error --name greet --first 10 --output json",
    "project list": "jobyard project list",
    "project export": "jobyard project export 6650aa00a0000000000000d1 --output campus.project.json",
    "project delete": "jobyard project delete 6650aa00a0000000000000d1",
    "cancel": "jobyard cancel 3f2a9c0d 51b7e204",
    "pause": "jobyard pause 3f2a9c0d",
    "resume": "jobyard resume 3f2a9c0d",
    "show": "jobyard show 3f2a9c0d",
    "tasks": "jobyard tasks 3f2a9c0d --output yaml",
    "inbox": "jobyard inbox --first 100",
    "claim": "jobyard claim 1c9e4b7a",
    "release": "jobyard release 1c9e4b7a",
    "finish": "jobyard finish 3f2a9c0d b2 --state success --var device=edge-1",
    "retry": "jobyard retry 3f2a9c0d b2 --var 'list=[1, 2]'",
    "continue": "jobyard continue 3f2a9c0d b2 --dry-run",
    "revert": "jobyard revert 3f2a9c0d c3 a1",
    "delete": "jobyard delete 3f2a9c0d 51b7e204",
    "workflows": "jobyard workflows --first 100",
    "export": 'jobyard export "Greet a device"',
    "projects": "jobyard projects --output json",
    "automations": "jobyard automations",
    "run": "jobyard run 6650aa00a0000000000000e2 --var device=edge-1",
    "accounts": "jobyard accounts --output yaml",
    "login": "jobyard login ada",
    "keys new": "jobyard keys new --file /etc/jobyard/keys",
    "keys rotate": "jobyard keys rotate",
    "prune": "jobyard prune --older-than 90d --status complete,canceled --dry-run",
    "audit": "jobyard audit --user ada --since 2026-01-01T00:00:00Z",
    "backup": "jobyard backup jobyard.backup",
    "restore": "jobyard restore jobyard.backup",
    "upgrade": "jobyard upgrade --check",
    "schema": "jobyard schema",
    "rehearse": "jobyard rehearse cases/greet.json --coverage",
}


def commands_of(parser: argparse.ArgumentParser, before: str = "") -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """The commands without commands of their own, by name: each with its parser and its help."""
    found: dict[str, tuple[argparse.ArgumentParser, str]] = {}
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage] -- argparse has no public way to its commands
        if isinstance(action, argparse._SubParsersAction):  # pyright: ignore[reportPrivateUsage]
            helps = {one.dest: one.help or "" for one in action._choices_actions}  # pyright: ignore[reportPrivateUsage]
            choices: dict[str, argparse.ArgumentParser] = action.choices  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            for name, command in choices.items():
                inner = commands_of(command, f"{before}{name} ")
                found |= inner or {f"{before}{name}": (command, helps.get(name, ""))}
    return found


def add_examples(parser: argparse.ArgumentParser) -> None:
    for name, (command, help) in commands_of(parser).items():
        command.description = f"{help[:1].upper()}{help[1:]}."
        command.epilog = f"example: {EXAMPLES[name]}" if name in EXAMPLES else None

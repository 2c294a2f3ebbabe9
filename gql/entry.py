"""`jobyard`. Ctrl-C ends it quietly also while it still loads its parts."""

from .ending import ending_quietly


def main() -> None:
    with ending_quietly():
        from . import cli

        cli.main()

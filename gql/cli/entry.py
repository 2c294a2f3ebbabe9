"""`jobyard`. Ctrl-C ends it quietly also while it still loads its parts."""

from .startup import ending_quietly


def main() -> None:
    with ending_quietly():
        from . import main as cli_main

        cli_main.main()

"""Lets the tests, and their servers, run from a bare checkout, where nothing is installed as jobyard."""

import os
import sys
from pathlib import Path
from types import ModuleType

# Whatever this machine says: to compile everything anew is a third of the start of each server of a test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

checkout = ModuleType("jobyard")
checkout.__path__ = [str(Path(__file__).parent.parent)]
sys.modules["jobyard"] = checkout

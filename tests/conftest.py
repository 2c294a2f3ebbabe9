"""Lets the tests run from a bare checkout, where nothing is installed under the name jobyard."""

import sys
from pathlib import Path
from types import ModuleType

checkout = ModuleType("jobyard")
checkout.__path__ = [str(Path(__file__).parent.parent)]
sys.modules["jobyard"] = checkout

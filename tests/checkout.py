"""Lets the tests, and their servers, run from a bare checkout, whatever is installed as jobyard."""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

# Whatever this machine says: to compile everything anew is a third of the start of each server of a test.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Not by the path of the checkout: its `gql` would hide the well-known client of that name.
package = Path(__file__).parent.parent / "jobyard"
spec = spec_from_file_location("jobyard", package / "__init__.py", submodule_search_locations=[str(package)])
assert spec and spec.loader
checkout = module_from_spec(spec)
sys.modules["jobyard"] = checkout
spec.loader.exec_module(checkout)

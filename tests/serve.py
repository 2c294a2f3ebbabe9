"""`jobyard`, out of the bare checkout: python tests/serve.py COMMAND ..."""

import checkout  # noqa: F401 -- names the checkout jobyard
from jobyard.gql.cli.entry import main

if __name__ == "__main__":
    main()

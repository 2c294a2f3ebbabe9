"""How one asks: the GraphQL schema, the REST shim that runs through it, and the command line."""

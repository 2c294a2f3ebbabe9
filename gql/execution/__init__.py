"""How a GraphQL request is read, bounded and executed."""

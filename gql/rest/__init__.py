"""The documented REST routes. Each runs a stored GraphQL document through the schema: one path, one set of rules."""

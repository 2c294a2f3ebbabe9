"""Projects over GraphQL and REST."""

"""Jobs over GraphQL and REST."""

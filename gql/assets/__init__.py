"""Templates, transformations and JSON forms over GraphQL and REST."""

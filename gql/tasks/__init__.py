"""Tasks over GraphQL and REST, and the catalogue of built-in tasks."""

"""The server itself over GraphQL and REST: health, components, indexes, keys."""

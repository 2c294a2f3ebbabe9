"""Workflows over GraphQL and REST."""

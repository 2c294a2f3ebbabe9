"""Automations and triggers over GraphQL and REST."""

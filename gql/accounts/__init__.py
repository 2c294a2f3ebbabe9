"""Accounts, groups, roles and service accounts over GraphQL and REST."""

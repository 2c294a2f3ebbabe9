"""Audit events over GraphQL."""

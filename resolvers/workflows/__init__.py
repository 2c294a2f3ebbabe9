"""Workflows, and the templates, transformations and forms that belong to them."""

"""Retention: removes ended jobs by status, age and number."""

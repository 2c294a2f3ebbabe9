"""Audit: who did what to what, and when."""

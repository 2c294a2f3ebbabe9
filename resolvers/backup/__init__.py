"""Backup: the database in one file, and back."""

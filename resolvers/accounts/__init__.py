"""Accounts, groups, roles, sign-in and tokens."""

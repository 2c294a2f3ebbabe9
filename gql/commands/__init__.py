"""The commands that ask a running server: one way for all of them, a few lines each.

`table` has them by name: what a command takes, the operation that it asks, and what of the answer it shows. `output`
prints that as a table, JSON or YAML.
"""

"""The built-in tasks. To add a task, declare it in the TASKS of its family; registry.py collects all families."""

"""The built-in tasks. A new one stands in the TASKS of its family; registry.py has them all."""

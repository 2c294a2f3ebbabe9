"""The built-in tasks. families/ has them; registry.py finds one by application and name."""

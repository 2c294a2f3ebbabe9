"""How things get done."""

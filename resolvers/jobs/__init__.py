"""Jobs: starting, reading, controlling, following."""

"""How a workflow executes. Pure: no await, clock, randomness, I/O or logging; time and ids come in as arguments."""

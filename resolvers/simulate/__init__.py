"""Rehearsing workflows: a simulation in process, with recorded answers and a clock of its own."""

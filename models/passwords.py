"""How long a password may be, in characters: an account's, and the one that a server is started with."""

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024

"""Who asks: signing in, tokens, and what the account behind a token may do."""

"""Secrets: marked, masked, concealed, sealed."""

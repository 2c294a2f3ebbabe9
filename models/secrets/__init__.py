"""Secrets: marks, masks, seals."""

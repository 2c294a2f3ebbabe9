"""The questions one may ask, by what they are about."""

"""What one may ask to be done, by the noun that it is done to."""

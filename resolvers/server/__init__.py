"""The server itself: health, components, indexes, keys."""

"""Projects: what belongs together, under names of its own, for its members."""

"""Finding jobs and tasks among many: what is asked for, in which order, and a page of it at a time."""

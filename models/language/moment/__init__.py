"""Times in moment.js's formats, in English."""

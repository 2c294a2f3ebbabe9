"""The pages for browsers: console, playground and help, and the builds of their files."""

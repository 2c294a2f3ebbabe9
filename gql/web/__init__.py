"""The pages for browsers: console, playground, help, and how their files are made."""

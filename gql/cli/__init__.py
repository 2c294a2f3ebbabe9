"""The command line. Most commands are clients of a running server."""

"""The HTTP server: its process, its connections, and the middlewares that every request passes."""

"""JSON Schemas: values against them, in bounded time."""

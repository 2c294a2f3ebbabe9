"""The template languages: Jinja2 makes a text of values, TextFSM makes values of a text.

Nothing here bounds the time and memory that a template may use: that takes a process of its own.
"""

from .casting import cast
from .rendering import parse, render

__all__ = ["cast", "parse", "render"]

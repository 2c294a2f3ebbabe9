"""The transformation language (JST): a document's steps turn incoming values into outgoing ones. Pure."""

from .transform import bare_output, outgoing_names, transform

__all__ = ["bare_output", "outgoing_names", "transform"]

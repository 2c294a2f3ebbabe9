"""The transformation language (JST): a document's steps turn incoming values into outgoing ones. Pure."""

from .document import Level, compile_document
from .methods import unknown_methods
from .transform import bare_output, outgoing_names, transform

__all__ = ["Level", "bare_output", "compile_document", "outgoing_names", "transform", "unknown_methods"]

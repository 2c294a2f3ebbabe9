"""All inputs, those of nobody first."""

from .requests import NOBODY, READER
from .sockets import PASSWORDS, SOCKETS
from .work import AUTHOR

INPUTS = (*NOBODY, *SOCKETS, *READER, *AUTHOR, *PASSWORDS)

"""All inputs, those of nobody first."""

from .answers import ANSWERS
from .requests import NOBODY, READER
from .sockets import PASSWORDS, SOCKETS
from .work import AUTHOR

INPUTS = (*NOBODY, *SOCKETS, *READER, *AUTHOR, *ANSWERS, *PASSWORDS)

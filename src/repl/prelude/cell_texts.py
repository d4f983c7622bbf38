"""Sources of the cells that ran, by file name: `<cell 3>`."""

from _rlm_private_builtins import PRIVATE as __builtins__

SOURCES = {}

"""What is said when a text outside of memory is asked for too much at once."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_lazy_file import sizes


class TextTooLarge(MemoryError):
    """A part of a LazyText that would not fit into memory as a str."""


def too_large(what, cure):
    return TextTooLarge(f"{what}; at most {sizes.part_bytes:,} bytes can become one str. {cure}")

"""stdout and stderr of cells: both end up, in order, in one bounded text."""

from _rlm_private_builtins import PRIVATE as __builtins__

import io
import sys
from codecs import getincrementaldecoder

from _rlm_bounded_text import BoundedText


class _Target:
    kept = BoundedText(10_000)


class _CellStream(io.TextIOBase):
    """One object for the whole session, so that logging handlers made in one cell still write in the next."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name):
        self.name = name
        self.buffer = _CellBytes(self)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        _Target.kept.write(text)
        return len(text)

    def writable(self):
        return True

    def flush(self):
        pass

    def close(self):
        """A cell may close its streams; the next cell needs them."""


class _CellBytes(io.RawIOBase):
    def __init__(self, text_stream):
        self._text_stream = text_stream
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def write(self, data):
        view = memoryview(data).cast("B")
        # In pieces: decoding a gigabyte at once would need a second one.
        for start in range(0, len(view), 1 << 20):
            self._text_stream.write(self._decoder.decode(view[start : start + (1 << 20)]))
        return len(view)

    def writable(self):
        return True

    def close(self):
        pass


_STDOUT = _CellStream("<stdout>")
_STDERR = _CellStream("<stderr>")
_StringIO = io.StringIO


def begin_output(limit):
    """Starts the output of a cell. Streams that the cell before had replaced or closed are put back."""
    _Target.kept = BoundedText(limit)
    sys.stdout = sys.__stdout__ = _STDOUT
    sys.stderr = sys.__stderr__ = _STDERR
    # No terminal: input() says EOFError at once instead of reading the host's pipe.
    sys.stdin = sys.__stdin__ = _StringIO("")


def end_output():
    return _Target.kept.to_value()

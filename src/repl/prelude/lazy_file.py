"""Bytes of an input that stays outside of memory: read and searched in windows. All positions are bytes.

UTF-8 can be searched as bytes: a character's bytes are never found inside another's.
"""

from _rlm_private_builtins import PRIVATE as __builtins__

from codecs import getincrementaldecoder

from _rlm_host_calls import read_input

new_decoder = getincrementaldecoder("utf-8")


class _Sizes:
    window_bytes = 1 << 19
    # The largest part that is ever made a str: with one wide character in it, it takes four times as much.
    part_bytes = 4 << 20
    # What a regular expression sees around a window, in characters.
    reach = 1 << 16


sizes = _Sizes()


class LazyFile:
    __slots__ = ("digest", "size")

    def __init__(self, digest, size):
        self.digest = digest
        self.size = size

    def read(self, start, stop):
        return read_input(self.digest, start, stop - start) if start < stop else b""

    def windows(self, start=0):
        while start < self.size:
            stop = min(self.size, start + sizes.window_bytes)
            yield self.read(start, stop)
            start = stop

    def texts(self, start=0):
        """Decoded windows; no character is cut in two."""
        decoder = new_decoder()
        for window in self.windows(start):
            yield decoder.decode(window)

    def find(self, needle, start, stop):
        kept = b""
        while start < stop:
            end = min(stop, start + sizes.window_bytes)
            buffer = kept + self.read(start, end)
            found = buffer.find(needle)
            if found >= 0:
                return end - len(buffer) + found
            kept = _last(buffer, len(needle) - 1)
            start = end
        return -1

    def rfind(self, needle, start, stop):
        kept = b""
        while start < stop:
            begin = max(start, stop - sizes.window_bytes)
            buffer = self.read(begin, stop) + kept
            found = buffer.rfind(needle)
            if found >= 0:
                return begin + found
            kept = buffer[: len(needle) - 1]
            stop = begin
        return -1

    def count(self, needle, start, stop):
        """Occurrences that do not overlap, counted from the left."""
        total, kept = 0, b""
        while start < stop:
            end = min(stop, start + sizes.window_bytes)
            buffer = kept + self.read(start, end)
            if len(needle) == 1:
                total += buffer.count(needle)
            else:
                # What follows the last occurrence is all that an occurrence over the border may begin in.
                *before, rest = buffer.split(needle)
                total += len(before)
                kept = _last(rest, len(needle) - 1)
            start = end
        return total


def _last(buffer, count):
    return buffer[max(0, len(buffer) - count) :]

"""Lines, words and fields of a text outside of memory, as a sequence."""

from _rlm_private_builtins import PRIVATE as __builtins__

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain, islice

from _rlm_lazy_errors import too_large
from _rlm_lazy_file import new_decoder, sizes


class LazyPieces(Sequence):
    """What `split` and `splitlines` of a LazyText give: goes through the file, holds a window of it.

    Counted and indexed at the first `len()` or index, in one pass.
    """

    __slots__ = ("_cached", "_cut", "_file", "_firsts", "_length", "_starts")

    def __init__(self, file, cut):
        """`cut(text, is_last)`: the complete pieces of a text, and the rest that may go on in the next window."""
        self._file = file
        self._cut = cut
        self._length = None
        self._cached = (-1, ())

    def __iter__(self):
        for _, pieces in self._groups(0):
            yield from pieces

    def __bool__(self):
        return any(pieces for _, pieces in self._groups(0))

    def __len__(self):
        self._count()
        return self._length

    def __getitem__(self, index):
        if type(index) is slice:
            return self._several(range(*index.indices(len(self))))
        at = range(len(self))[index]
        group = bisect_right(self._firsts, at) - 1
        if self._cached[0] != group:
            self._cached = (group, self._read(group))
        return self._cached[1][at - self._firsts[group]]

    def __repr__(self):
        return "<pieces of a LazyText: iterate, index or slice them>"

    def _several(self, indexes):
        pieces, room = [], sizes.part_bytes
        for index in indexes:
            pieces.append(self[index])
            room -= len(pieces[-1])
            if room < 0:
                raise too_large(f"These {len(indexes):,} pieces are too much at once", "Go through them in smaller slices.")
        return pieces

    def _read(self, group):
        """The pieces of a group. Windows that begin with it end elsewhere than those that were counted."""
        end = self._firsts[group + 1] if group + 1 < len(self._firsts) else self._length
        return list(islice(chain.from_iterable(pieces for _, pieces in self._groups(self._starts[group])), end - self._firsts[group]))

    def _groups(self, start):
        """Pieces of one window after the other, each group with the byte that it begins at."""
        decoder, rest, at = new_decoder(), "", start
        for window in self._file.windows(start):
            at += len(window)
            pieces, rest = self._cut(rest + decoder.decode(window), at == self._file.size)
            if pieces:
                yield start, pieces
            if len(rest) > sizes.part_bytes // 4:
                raise too_large(f"A piece of this text has more than {sizes.part_bytes // 4:,} characters", "Take it apart with text[a:b] or text.finditer(pattern).")
            start = at - len(decoder.getstate()[0]) - len(rest.encode())

    def _count(self):
        if self._length is not None:
            return
        starts, firsts, length = [], [], 0
        for start, pieces in self._groups(0):
            starts.append(start)
            firsts.append(length)
            length += len(pieces)
        self._starts, self._firsts, self._length = starts, firsts, length


def lines(keepends):
    """The cut of `str.splitlines`."""

    def cut(text, is_last):
        at = len(text) if is_last else _unfinished_line(text)
        return text[:at].splitlines(keepends), text[at:]

    return cut


def words(text, is_last):
    """The cut of `str.split()`."""
    pieces = text.split()
    if is_last or not pieces or text[-1].isspace():
        return pieces, ""
    return pieces[:-1], pieces[-1]


def fields(separator):
    """The cut of `str.split(separator)`."""

    def cut(text, is_last):
        pieces = text.split(separator)
        return (pieces, "") if is_last else (pieces[:-1], pieces[-1])

    return cut


def _unfinished_line(text):
    """Where the last line begins, if more of it may come; a final CR may be the half of a line end."""
    ends = text[text.rfind("\n") + 1 :].splitlines(True)
    if not ends or (not ends[-1].endswith("\r") and ends[-1].splitlines()[0] != ends[-1]):
        return len(text)
    return len(text) - len(ends[-1])

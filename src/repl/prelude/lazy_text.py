"""`LazyText`: a text that is too large for memory, as much like a `str` as can be."""

from _rlm_private_builtins import PRIVATE as __builtins__

from operator import index as _integer

from _rlm_lazy_file import LazyFile
from _rlm_lazy_index import CharacterIndex
from _rlm_lazy_parts import IN_PARTS, part, stepped
from _rlm_lazy_pieces import LazyPieces, fields, lines, words
from _rlm_lazy_search import findall, finditer
from _rlm_type_names import class_name, note_sized

_EDGE_CHARS = 60


class LazyText:
    """A read-only text in a file of the host. Not a `str`: `isinstance(text, str)` is False, and no part of it is in memory until it is asked for."""

    __slots__ = ("_file", "_index")

    def __init__(self, digest, size, characters, checkpoints):
        file = LazyFile(digest, size)
        object.__setattr__(self, "_file", file)
        object.__setattr__(self, "_index", CharacterIndex(file, characters, checkpoints))

    def __len__(self):
        return self._index.characters

    def __getitem__(self, index):
        if type(index) is slice:
            chosen = range(*index.indices(len(self)))
            return self._part(chosen.start, chosen.stop) if chosen.step == 1 else stepped(self._file, self._index, chosen)
        at = _integer(index)
        if not -len(self) <= at < len(self):
            raise IndexError("string index out of range")
        at %= len(self)
        return self._part(at, at + 1)

    def __iter__(self):
        """Lines without their ends, as `splitlines()` gives them; a `str` would give characters."""
        return iter(self.splitlines())

    def __contains__(self, sub):
        return self.find(sub) >= 0

    def find(self, sub, start=None, end=None):
        return self._found(self._file.find, sub, start, end, lambda first, last: first)

    def rfind(self, sub, start=None, end=None):
        return self._found(self._file.rfind, sub, start, end, lambda first, last: last)

    def index(self, sub, start=None, end=None):
        return _required(self.find(sub, start, end))

    def rindex(self, sub, start=None, end=None):
        return _required(self.rfind(sub, start, end))

    def count(self, sub, start=None, end=None):
        first, last, needle = self._range(sub, start, end)
        if needle == b"":
            return max(0, last - first + 1)
        if needle is None or first >= last:
            return 0
        return self._file.count(needle, self._index.byte_at(first), self._index.byte_at(last))

    def startswith(self, prefix, start=None, end=None):
        return any([self._has(part, start, end, lambda first, last, size: first) for part in _several(prefix, "startswith")])

    def endswith(self, suffix, start=None, end=None):
        return any([self._has(part, start, end, lambda first, last, size: last - size) for part in _several(suffix, "endswith")])

    def isascii(self):
        return self._index.is_ascii

    def splitlines(self, keepends=False):
        """The lines, as a sequence that reads on as it is used."""
        return LazyPieces(self._file, lines(keepends))

    def split(self, sep=None, maxsplit=-1):
        """The words or fields, as a sequence that reads on as it is used."""
        if _integer(maxsplit) >= 0:
            raise ValueError("a LazyText is split without maxsplit only; use find() and slices")
        if sep is None:
            return LazyPieces(self._file, words)
        if not isinstance(sep, str):
            raise TypeError(f"must be str or None, not {class_name(sep)}")
        if not sep:
            raise ValueError("empty separator")
        return LazyPieces(self._file, fields(sep))

    def finditer(self, pattern, flags=0):
        """As `re.finditer(pattern, text, flags)`, for matches of at most 65,536 characters."""
        return finditer(self._file, pattern, flags)

    def findall(self, pattern, flags=0):
        """As `re.findall(pattern, text, flags)`, for matches of at most 65,536 characters."""
        return findall(self._file, pattern, flags)

    def search(self, pattern, flags=0):
        """As `re.search(pattern, text, flags)`, for a match of at most 65,536 characters."""
        return next(self.finditer(pattern, flags), None)

    def __eq__(self, other):
        if type(other) is LazyText:
            return self._file.digest == other._file.digest
        if not isinstance(other, str):
            return NotImplemented
        at = 0
        for text in self._file.texts() if len(other) == len(self) else ():
            if other[at : at + len(text)] != text:
                return False
            at += len(text)
        return len(other) == len(self)

    __hash__ = None

    def __str__(self):
        return self[:]

    def __format__(self, spec):
        return format(self[:], spec)

    def __repr__(self):
        if len(self) <= 2 * _EDGE_CHARS:
            return f"<LazyText of {len(self):,} characters: {self[:]!r}>"
        return f"<LazyText of {len(self):,} characters: {self[:_EDGE_CHARS]!r} … {self[-_EDGE_CHARS:]!r}>"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __getattr__(self, name):
        if name.startswith("__") or not hasattr(str, name):
            raise AttributeError(f"a LazyText has no attribute {name!r}")
        raise AttributeError(f"a LazyText has no {name}(): it would need all {len(self):,} characters in memory. {IN_PARTS}")

    def __setattr__(self, name, value):
        raise AttributeError("a LazyText is read-only")

    def _refuse(self, other):
        raise TypeError(f"a LazyText of {len(self):,} characters cannot be used in an expression like a str. {IN_PARTS}")

    __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = _refuse

    def _part(self, first, last):
        return part(self._file, self._index, first, last)

    def _range(self, sub, start, end):
        """Characters that are searched, and the bytes to search for: None for what no text can contain."""
        if not isinstance(sub, str):
            raise TypeError(f"must be str, not {class_name(sub)}")
        first, last, _ = slice(start, end).indices(len(self))
        # Unlike in slices, a start beyond the end finds nothing, not even "".
        first = max(first, _integer(start)) if start is not None else first
        try:
            return first, last, sub.encode()
        except UnicodeEncodeError:
            return first, last, None

    def _found(self, search, sub, start, end, of_empty):
        first, last, needle = self._range(sub, start, end)
        if needle == b"" and first <= last:
            return of_empty(first, last)
        if not needle or first >= last:
            return -1
        at = search(needle, self._index.byte_at(first), self._index.byte_at(last))
        return at if at < 0 else self._index.character_at(at)

    def _has(self, part, start, end, place):
        first, last, needle = self._range(part, start, end)
        size = len(part)
        if needle is None or last - first < size:
            return False
        at = place(first, last, size)
        return self._part(at, at + size) == part


def _required(position):
    if position < 0:
        raise ValueError("substring not found")
    return position


def _several(part, method):
    parts = part if isinstance(part, tuple) else (part,)
    for each in parts:
        if not isinstance(each, str):
            raise TypeError(f"{method} first arg must be str or a tuple of str, not {class_name(each)}")
    return parts


note_sized(LazyText)

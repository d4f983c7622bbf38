"""`repr` in pieces: a trailing `logs` of 500 MB must not build a second 500 MB, and a list nested 100,000 deep must not end the interpreter."""

from _rlm_private_builtins import PRIVATE as __builtins__

from itertools import islice

from _rlm_bounded_text import BoundedText

_CHUNK_CHARS = 1 << 16
_CHUNK_ITEMS = 512
# Deeper levels are shown as Python shows a cycle. The C repr of a deep nest is fatal in WebAssembly, whose stack is small.
_MAX_DEPTH = 50
_BRACKETS = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}"), frozenset: ("frozenset({", "})"), dict: ("{", "}")}
_ATOMS = {int, float, bool, type(None), str}


def bounded_repr(value, limit):
    kept = BoundedText(limit)
    for piece in repr_pieces(value):
        kept.write(piece)
    return kept.to_value()


def repr_pieces(value):
    """The pieces of `repr(value)` in order. Runs `__repr__` of user objects: it may raise anything."""
    return _pieces(value, set(), 0)


def _pieces(value, path, depth):
    kind = type(value)
    if kind is str or kind is bytes:
        if len(value) <= _CHUNK_CHARS:
            yield repr(value)
        else:
            yield from _long_text(value)
    elif kind in _BRACKETS and value:
        opening, closing = _BRACKETS[kind]
        if id(value) in path or depth >= _MAX_DEPTH:
            yield f"{opening}...{closing}"
            return
        path.add(id(value))
        yield opening
        yield from _items(value, kind, path, depth + 1)
        yield ",)" if kind is tuple and len(value) == 1 else closing
        path.discard(id(value))
    else:
        yield repr(value)


def _items(value, kind, path, depth):
    separator = ""
    items = iter(value.items() if kind is dict else value)
    while chunk := list(islice(items, _CHUNK_ITEMS)):
        if _all_atoms(chunk, kind):
            yield separator + repr(dict(chunk) if kind is dict else chunk)[1:-1]
            separator = ", "
            continue
        for item in chunk:
            yield separator
            separator = ", "
            if kind is dict:
                yield from _pieces(item[0], path, depth)
                yield ": "
                item = item[1]
            yield from _pieces(item, path, depth)


def _all_atoms(chunk, kind):
    """Whether the C repr of the whole chunk is safe and small; it is ten times faster."""
    if kind is dict:
        chunk = [part for item in chunk for part in item]
    return set(map(type, chunk)) <= _ATOMS and sum([len(item) for item in chunk if type(item) is str]) <= _CHUNK_CHARS


def _long_text(value):
    kind, is_bytes = type(value), type(value) is bytes
    single, double = (b"'", b'"') if is_bytes else ("'", '"')
    other = single if single in value and double not in value else double
    # The quote appended makes repr choose the same quotes for each chunk as it would for the whole.
    prefix = 2 if is_bytes else 1
    yield repr(kind() + other)[:prefix]
    for start in range(0, len(value), _CHUNK_CHARS):
        yield repr(value[start : start + _CHUNK_CHARS] + other)[prefix:-2]
    yield repr(other)[-1:]

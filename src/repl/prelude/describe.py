"""What the model is told about an input: little, whatever its size."""

from _rlm_private_builtins import PRIVATE as __builtins__

from itertools import islice

from _rlm_bounded_repr import repr_pieces
from _rlm_bounded_text import clip
from _rlm_lazy_text import LazyText
from _rlm_namespace import NAMESPACE, variable
from _rlm_session import session
from _rlm_type_names import safe_length, type_text

_PREVIEW_CHARS = 500
_EDGE_CHARS = 220
_SHAPE_ENTRIES = 8


def describe_inputs():
    return [{**variable(name), "preview": preview(NAMESPACE[name])} for name in session.inputs if name in NAMESPACE]


def preview(value):
    """Head and tail of a text, a small value whole, else the shape of a container; about 500 characters at most."""
    if type(value) is str or type(value) is LazyText:
        return _text_preview(value)
    if type(value) is bytes and len(value) > _PREVIEW_CHARS // 4:
        edge = _EDGE_CHARS // 4
        return f"{value[:edge]!r} … {len(value) - 2 * edge:,} bytes left out … {value[-edge:]!r}"
    whole = _small_repr(value)
    if whole is not None:
        return whole
    if type(value) is dict:
        return _dict_shape(value)
    if type(value) is list:
        return _list_shape(value)
    return clip(type_text(value), _PREVIEW_CHARS)


def _text_preview(text):
    if len(text) <= _PREVIEW_CHARS:
        return text[:]
    return f"{text[:_EDGE_CHARS]}\n… {len(text) - 2 * _EDGE_CHARS:,} characters left out …\n{text[-_EDGE_CHARS:]}"


def _small_repr(value):
    """The whole repr when it is small; stops reading a large value early."""
    if type(value) is int:
        return clip(repr(value), _PREVIEW_CHARS)
    pieces, length = [], 0
    for piece in repr_pieces(value):
        pieces.append(piece)
        length += len(piece)
        if length > _PREVIEW_CHARS:
            return None
    return "".join(pieces)


def _dict_shape(value):
    entries = [f"{clip(repr_of_key(key), 40)}: {_shape(item)}" for key, item in islice(value.items(), _SHAPE_ENTRIES)]
    return _joined("{", entries, len(value), "keys", "}")


def _list_shape(value):
    first = [_item(item) for item in value[: _SHAPE_ENTRIES // 2]]
    return _joined("[", first, len(value), "items", "]")


def _item(value):
    whole = _small_repr(value) if safe_length(value) is None or safe_length(value) <= _PREVIEW_CHARS else None
    return clip(whole, 100) if whole is not None else _shape(value)


def _shape(value):
    length = safe_length(value)
    if length is None:
        return clip(repr(value), 40)
    return f"{type_text(value)} of length {length:,}"


def repr_of_key(key):
    return repr(key[:40]) if type(key) is str else repr(key)


def _joined(opening, entries, total, unit, closing):
    """As many entries as fit, then how many there are more."""
    shown, length = [], 0
    for entry in entries:
        if shown and length + len(entry) > _PREVIEW_CHARS - 60:
            break
        shown.append(entry)
        length += len(entry) + 2
    more = total - len(shown)
    return opening + ", ".join(shown + ([f"… {more:,} more {unit}"] if more else [])) + closing

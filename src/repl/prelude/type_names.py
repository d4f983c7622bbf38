"""Types and lengths of values, found without running any code of theirs and without reading all of a large one."""

from _rlm_private_builtins import PRIVATE as __builtins__

from collections import deque
from itertools import islice

_SAMPLES_BY_DEPTH = (100, 60, 40)
# Records often begin alike: one part of each would hide the types of the others.
_MIN_EACH = 8
_MAX_UNION = 4
_class_name = type.__dict__["__name__"].__get__
_SIZED = [str, bytes, bytearray, list, tuple, dict, set, frozenset, deque, range]


def class_name(value):
    """Name of the class as `type` itself knows it: a metaclass may answer `__name__` with anything."""
    name = _class_name(type(value))
    return "None" if name == "NoneType" else name


def note_sized(kind):
    """A class of the prelude's own whose `len()` is known to be cheap."""
    _SIZED.append(kind)


def safe_length(value):
    """`len()` of the built-in kinds and their subclasses, else None; an overridden `__len__` does not run."""
    for kind in _SIZED:
        if issubclass(type(value), kind):
            try:
                return kind.__len__(value)
            except OverflowError:
                return None
    return None


def type_text(value):
    """E.g. `dict[str, list[int]]`; element types come from a sample."""
    return _union([value], 0)


def sample(items, count):
    """At most `count` items: of a sequence from all over it, of other containers the first ones."""
    if type(items) not in (list, tuple):
        return list(islice(items, count))
    if len(items) <= count:
        return list(items)
    step = (len(items) - 1) / (count - 1)
    return [items[round(index * step)] for index in range(count)]


def _union(values, depth):
    """Type of a group of values: those of one class are described together, so that records with optional parts give one entry."""
    groups = {}
    for value in values:
        groups.setdefault(type(value), []).append(value)
    if len(groups) > _MAX_UNION:
        return "Any"
    return " | ".join([_group(kind, group, depth) for kind, group in groups.items()])


def _group(kind, values, depth):
    name = class_name(values[0])
    if depth >= len(_SAMPLES_BY_DEPTH) or kind not in (list, tuple, set, frozenset, dict):
        return name
    each = max(_MIN_EACH, _SAMPLES_BY_DEPTH[depth] // len(values))
    if kind is dict:
        items = [item for value in values for item in sample(value.items(), each)]
        parts = [_union([key for key, _ in items], depth + 1), _union([item for _, item in items], depth + 1)] if items else []
    else:
        items = [item for value in values for item in sample(value, each)]
        parts = [_union(items, depth + 1)] if items else []
        if kind is tuple and parts:
            parts.append("...")
    return f"{name}[{', '.join(parts)}]" if parts else name

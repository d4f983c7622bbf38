"""Python values as JSON. What JSON cannot hold is converted where one meaning is obvious, else refused by path; all faults at once."""

from _rlm_private_builtins import PRIVATE as __builtins__

from collections import UserString, deque
from collections.abc import Mapping, MutableSequence
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from enum import Enum
from math import isfinite

from _rlm_text import plain_str, to_json
from _rlm_type_names import class_name

_MAX_DEPTH = 100
_MAX_FAULTS_SHOWN = 20
_PLAIN = {str, int, bool, type(None)}
_LISTS = (list, tuple, deque, range, type({}.keys()), type({}.values()))
_BYTES_CURE = "decode it first, e.g. value.decode(); for an output of type bytes give base64.b64encode(value).decode()"
_CURES = {
    "bytes": _BYTES_CURE,
    "bytearray": _BYTES_CURE,
    "dict_items": "make it a dict or a list: dict(value)",
    "generator": "make it a list: list(value)",
    "map": "make it a list: list(value)",
    "filter": "make it a list: list(value)",
    "zip": "make it a list: list(value)",
    "coroutine": "await it first",
    "function": "call it, and give what it returns",
    "LazyText": "give a part of it: text[a:b]",
    "LazyPieces": "make a list of some of them: pieces[a:b]",
}


# Methods by which objects of well-known packages become plain values.
_CONVERSIONS = ("tolist", "model_dump", "to_dict", "isoformat")


class NotJson(Exception):
    """Carries one line for each fault."""

    def __init__(self, faults, only_numbers):
        super().__init__(*faults)
        self.faults = faults
        # All faults are NaN or infinite: a wrong value rather than a wrong type.
        self.only_numbers = only_numbers


def json_text(named_values):
    """JSON text of a dict of named values. Integers and texts are exact; a Decimal becomes a string, which keeps its digits.

    Raises NotJson that names every value that was refused.
    """
    converter = _Converter()
    result = {name: converter.convert(value, name, 0) for name, value in named_values.items()}
    if converter.faults:
        more = len(converter.faults) - _MAX_FAULTS_SHOWN
        shown = converter.faults[:_MAX_FAULTS_SHOWN] + ([f"and {more} more"] if more > 0 else [])
        raise NotJson(shown, converter.only_numbers)
    return to_json(result)


class _Converter:
    def __init__(self):
        self.faults = []
        self.only_numbers = True
        self._path = set()

    def convert(self, value, where, depth):
        kind = type(value)
        if kind in _PLAIN:
            return value
        if issubclass(kind, float):
            return self._number(value, where)
        if depth > _MAX_DEPTH or id(value) in self._path:
            return self._refuse(where, "contains itself" if id(value) in self._path else f"is nested more than {_MAX_DEPTH} levels deep")
        self._path.add(id(value))
        try:
            return self._convert_other(value, kind, where, depth)
        except Exception as error:
            return self._refuse(where, f"is a {class_name(value)} that cannot be read ({class_name(error)})")
        finally:
            self._path.discard(id(value))

    def _convert_other(self, value, kind, where, depth):
        if issubclass(kind, Enum):
            return self.convert(value._value_, where, depth + 1)
        if issubclass(kind, str):
            return plain_str(value)
        if issubclass(kind, int):
            return int.__int__(value)
        if issubclass(kind, Decimal):
            return str(value) if value.is_finite() else self._not_finite(value, where)
        if issubclass(kind, (date, time)):
            return value.isoformat()
        if issubclass(kind, dict):
            return self._mapping(dict.items(value), where, depth)
        if hasattr(kind, "__dataclass_fields__"):
            return self._mapping([(field.name, getattr(value, field.name)) for field in fields(value)], where, depth)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            return self._mapping(zip(kind._fields, tuple.__iter__(value)), where, depth)
        if issubclass(kind, (set, frozenset)):
            return self._items(_ordered(value), where, depth)
        if issubclass(kind, _LISTS):
            return self._items(list(value), where, depth)
        return self._convert_rare(value, kind, where, depth)

    def _convert_rare(self, value, kind, where, depth):
        if issubclass(kind, bytearray):
            return self._refuse(where, f"is a bytearray, which JSON cannot hold: {_BYTES_CURE}")
        if issubclass(kind, Mapping):
            return self._mapping([(key, value[key]) for key in value], where, depth)
        if issubclass(kind, MutableSequence):
            return self._items(list(value), where, depth)
        # UUIDs, paths and the like have one text.
        if issubclass(kind, UserString) or hasattr(kind, "__fspath__") or (kind.__module__, kind.__name__) == ("uuid", "UUID"):
            return plain_str(str(value))
        method = next((each for each in _CONVERSIONS if hasattr(kind, each)), None)
        cure = _CURES.get(class_name(value)) or (f"use value.{method}()" if method else "turn it into str, int, float, bool, None, list or dict first")
        return self._refuse(where, f"is a {class_name(value)}, which JSON cannot hold: {cure}")

    def _items(self, items, where, depth):
        # A list of a million plain values need not be walked in Python.
        if set(map(type, items)) <= _PLAIN:
            return items
        return [self.convert(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(items)]

    def _mapping(self, items, where, depth):
        result = {}
        for key, value in items:
            text = self._key(key, where)
            if text is None:
                continue
            path = f"{where}.{text}" if text.isidentifier() else f"{where}[{text[:60]!r}]"
            if text in result:
                self._refuse(path, "is there twice: two keys are the same text in JSON")
            result[text] = self.convert(value, path, depth + 1)
        return result

    def _key(self, key, where):
        key = key._value_ if issubclass(type(key), Enum) else key
        kind = type(key)
        if issubclass(kind, str):
            return plain_str(key)
        if key is None or kind is bool:
            return {None: "null", True: "true", False: "false"}[key]
        if issubclass(kind, int):
            return int.__repr__(key)
        if issubclass(kind, float) and isfinite(key):
            return float.__repr__(key)
        if issubclass(kind, date):
            return key.isoformat()
        return self._refuse(where, f"has a key of type {class_name(key)}: JSON keys are texts, use str(key)")

    def _number(self, value, where):
        return float.__float__(value) if isfinite(value) else self._not_finite(value, where)

    def _not_finite(self, value, where):
        self.faults.append(f"{where} is {value}, which is no JSON number: give None or a finite number")

    def _refuse(self, where, fault):
        self.only_numbers = False
        self.faults.append(f"{where} {fault}")


def _ordered(values):
    """Sets in an order that does not depend on hashes."""
    values = list(values)
    try:
        return sorted(values)
    except Exception:
        return sorted(values, key=lambda value: (class_name(value), repr(value)))

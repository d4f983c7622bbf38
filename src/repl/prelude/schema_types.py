"""Reply schemas given as Python types: `list[int]`, `str | None`, `Literal[...]`, a dataclass, a TypedDict, a NamedTuple, an Enum."""

from _rlm_private_builtins import PRIVATE as __builtins__

import typing
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType

from _rlm_schema_parts import MAX_DEPTH, BadSchema, dict_of, list_of, literal_of, object_of, scalar, tuple_of, union_of

_SCALARS = {str: "str", int: "int", float: "float", bool: "bool", NoneType: "none", None: "none", typing.Any: "any", object: "any", date: "date", datetime: "datetime"}
_SETS = (set, frozenset)


def from_type(given, other, depth=0):
    """The Typed of a Python type; `other(given, depth)` makes that of a text or a dict inside it."""
    if depth > MAX_DEPTH:
        raise BadSchema(f"types are nested more than {MAX_DEPTH} levels deep (a class that holds itself?)")

    def inner(each):
        return from_type(each, other, depth + 1)

    if isinstance(given, (str, dict)):
        return other(given, depth + 1)
    try:
        if given in _SCALARS:
            return scalar(_SCALARS[given])
    except TypeError:
        raise BadSchema(f"{given!r} is no type") from None
    origin, args = typing.get_origin(given), typing.get_args(given)
    if origin is typing.Annotated or origin in (typing.Required, typing.NotRequired):
        return inner(args[0])
    if origin is typing.Literal:
        return literal_of(args)
    if origin in (typing.Union, UnionType):
        return union_of([inner(each) for each in args])
    kind = given if origin is None else origin
    if not isinstance(kind, type):
        raise BadSchema(f"{given!r} is no type that JSON can hold")
    return _from_class(kind, args, inner)


def _from_class(kind, args, inner):
    if kind is tuple:
        if len(args) == 2 and args[1] is ...:
            return list_of(inner(args[0]), tuple)
        return tuple_of([inner(each) for each in args]) if args else list_of(scalar("any"), tuple)
    if kind in _SETS:
        return list_of(inner(args[0]) if args else scalar("any"), kind)
    if kind is list or kind.__module__ == "collections.abc" and kind.__name__ in ("Sequence", "Iterable", "Collection"):
        return list_of(inner(args[0]) if args else scalar("any"))
    if kind is dict or kind.__module__ == "collections.abc" and kind.__name__ == "Mapping":
        if len(args) == 2 and args[0] is not str:
            raise BadSchema("the keys of a dict are str in JSON")
        return dict_of(inner(args[1]) if args else scalar("any"))
    if issubclass(kind, Enum):
        return literal_of([each.value for each in kind], kind)
    return _from_fields(kind, inner)


def _from_fields(kind, inner):
    hints = _hints(kind)
    if hasattr(kind, "__dataclass_fields__"):
        known = [(each.name, inner(hints[each.name]), each.default is not MISSING or each.default_factory is not MISSING, None) for each in fields(kind) if each.init]
        return object_of(known, lambda values: kind(**_given(values, known)))
    if typing.is_typeddict(kind):
        return object_of([(name, inner(hint), name in kind.__optional_keys__, None) for name, hint in hints.items()])
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        known = [(name, inner(hints.get(name, typing.Any)), name in kind._field_defaults, None) for name in kind._fields]
        return object_of(known, lambda values: kind(**_given(values, known)))
    raise BadSchema(f"{kind.__name__} is no type that JSON can hold")


def _given(values, known):
    """What was left out takes the class's own default."""
    optional = {name for name, _, is_optional, _ in known if is_optional}
    return {name: value for name, value in values.items() if not (value is None and name in optional)}


def _hints(kind):
    try:
        return typing.get_type_hints(kind, include_extras=False)
    except Exception as error:
        raise BadSchema(f"the annotations of {kind.__name__} cannot be read ({error})") from None

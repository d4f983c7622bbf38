"""Building blocks of reply schemas: what is sent to the host (a type as plain JSON) and how the checked value becomes the Python value."""

from _rlm_private_builtins import PRIVATE as __builtins__

from datetime import date, datetime

MAX_DEPTH = 32


class Typed:
    """`spec`: the type as the host knows it. `build`: makes the Python value of a checked JSON value; None where it is the value itself."""

    __slots__ = ("build", "spec")

    def __init__(self, spec, build=None):
        self.spec = spec
        self.build = build

    def value(self, json_value):
        return json_value if self.build is None else self.build(json_value)


class BadSchema(Exception):
    """Says what is wrong with a schema, for the one ValueError that a cell sees."""


def scalar(kind):
    return Typed({"kind": kind}, _BUILD.get(kind))


def list_of(item, make=None):
    build = _each(item, make or list)
    return Typed({"kind": "list", "item": item.spec}, None if make is None and item.build is None else build)


def dict_of(value):
    build = None if value.build is None else lambda found: {key: value.build(each) for key, each in found.items()}
    return Typed({"kind": "dict", "value": value.spec}, build)


def tuple_of(items):
    return Typed({"kind": "tuple", "items": [item.spec for item in items]}, lambda found: tuple([item.value(each) for item, each in zip(items, found)]))


def literal_of(values, build=None):
    for value in values:
        if value is not None and type(value) not in (str, int, float, bool):
            raise BadSchema(f"a literal must be a str, number, bool or None, not {value!r}")
    if not values:
        raise BadSchema("a choice of nothing")
    return Typed({"kind": "literal", "values": list(values)}, build)


def union_of(options):
    if len(options) == 1:
        return options[0]
    if all([option.spec["kind"] == "literal" and option.build is None for option in options]):
        return literal_of([value for option in options for value in option.spec["values"]])
    built = [option for option in options if option.build is not None]
    if len(built) > 1 or (built and any([not _is_none(option) for option in options if option is not built[0]])):
        raise BadSchema("a union of several classes, tuples or dates cannot be told apart in JSON: use plain types in it")
    build = (lambda found: None if found is None else built[0].build(found)) if built else None
    return Typed({"kind": "union", "options": [option.spec for option in options]}, build)


def object_of(fields, make=None):
    """`fields`: (name, Typed, is optional, description or None) each."""
    specs = []
    for name, typed, optional, description in fields:
        if type(name) is not str or not name or name == "__proto__":
            raise BadSchema(f"{name!r} cannot be the name of a field")
        if any([name == other["name"] for other in specs]):
            raise BadSchema(f"the field {name!r} stands twice")
        spec = {"name": name, "type": typed.spec}
        if optional:
            spec["optional"] = True
        if description:
            spec["description"] = description[:500]
        specs.append(spec)
    if not specs:
        raise BadSchema("an object without fields: use dict for one with any keys")
    types = {name: typed for name, typed, _, _ in fields}
    plain = make is None and not any([typed.build for typed in types.values()])

    def build(found):
        values = {name: None if each is None else types[name].value(each) for name, each in found.items()}
        return values if make is None else make(values)

    return Typed({"kind": "object", "fields": specs}, None if plain else build)


def _each(item, make):
    return lambda found: make([item.value(each) for each in found])


def _is_none(typed):
    return typed.spec["kind"] == "none"


_BUILD = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}

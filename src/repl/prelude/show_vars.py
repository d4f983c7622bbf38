"""`SHOW_VARS()`: what there is in the session."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_namespace import user_names, variable


class VariableTable(dict):
    """Name -> type and size; shows itself one variable a line."""

    def __repr__(self):
        return "\n".join([f"{name}: {text}" for name, text in self.items()]) or "(no variables yet)"

    __str__ = __repr__


def SHOW_VARS():
    """Your variables with type and size."""
    return VariableTable({name: _size_text(variable(name)) for name in user_names()})


def _size_text(described):
    length = described["length"]
    unit = {"str": "characters", "LazyText": "characters", "bytes": "bytes", "bytearray": "bytes"}.get(described["type"], "items")
    return described["type"] if length is None else f"{described['type']}, {length:,} {unit}"

"""The module in which cells run, its inputs, and which of its names are the user's."""

from _rlm_private_builtins import PRIVATE as __builtins__

import builtins
import sys
from keyword import iskeyword
from types import ModuleType

from _rlm_session import session
from _rlm_text import from_json
from _rlm_type_names import safe_length, type_text

# A real module: pickle, dataclasses and typing look classes of cells up in sys.modules["__main__"].
_main = ModuleType("__main__")
NAMESPACE = vars(_main)
sys.modules["__main__"] = _main

_MAX_CHANGED = 20
_MAX_NAMES = 200
_PERMANENT = {"__name__": "__main__", "__builtins__": builtins}
# Filled by the reserved names; hidden from everything that lists variables.
hidden = set()


def repair_namespace():
    NAMESPACE.update(_PERMANENT)


def bind_json(name, text):
    """Binds an input to the value of a JSON text."""
    check_name(name)
    NAMESPACE[name] = from_json(text)


def bind_value(name, value):
    """Binds an input to a value made by the prelude."""
    check_name(name)
    NAMESPACE[name] = value


def input_bound(name):
    """Notes an input that is in NAMESPACE now, in the order of the signature."""
    try:
        check_name(name)
    except ValueError:
        NAMESPACE.pop(name, None)
        raise
    if name not in NAMESPACE:
        raise ValueError(f"Input {name!r} was announced but is not bound.")
    if name not in session.inputs:
        session.inputs.append(name)


def check_name(name):
    if not name.isidentifier() or iskeyword(name) or (name.startswith("__") and name.endswith("__")):
        raise ValueError(f"Invalid variable name {name!r}: an input needs a Python identifier that is no keyword. Rename the input.")
    if name in hidden or name == "print":
        raise ValueError(f"Invalid variable name {name!r}: the sandbox reserves it. Rename the input.")


def user_names():
    """Names of the user's variables: no modules, nothing that begins with an underscore."""
    return [
        name
        for name, value in list(NAMESPACE.items())
        if type(name) is str and not name.startswith("_") and name not in hidden and not issubclass(type(value), ModuleType)
    ]


def first_user_names():
    return user_names()[:_MAX_NAMES]


def identities():
    """State to compare with after a cell. Identities and not the objects: holding these would delay finalizers and keep memory that the cell frees."""
    return {name: id(NAMESPACE[name]) for name in user_names()}


def changed_since(before, stored_names):
    """New or rebound variables. `stored_names` (from the source) finds those whose new object took the place of the old one."""
    names = [name for name in user_names() if name in stored_names or before.get(name) != id(NAMESPACE[name])]
    return [variable(name) for name in names[:_MAX_CHANGED]]


def variable(name):
    value = NAMESPACE[name]
    return {"name": name, "type": type_text(value), "length": safe_length(value)}


repair_namespace()

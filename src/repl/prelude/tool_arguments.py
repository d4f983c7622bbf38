"""Checks the arguments of a tool where that is possible without the host: number and names of parameters, plain types, allowed values."""

from _rlm_private_builtins import PRIVATE as __builtins__

from inspect import Parameter, Signature

from _rlm_bounded_text import clip
from _rlm_type_names import class_name

_NUMBERS = (int, float)
# JSON Schema type -> what Python may give for it; what JSON can hold in some other way is the host's to judge.
_TYPES = {
    "string": lambda value: not isinstance(value, (bool, int, float, list, tuple, dict, type(None))),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) or isinstance(value, float) and value.is_integer(),
    "number": lambda value: isinstance(value, _NUMBERS) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: not isinstance(value, (str, bytes, dict, bool, int, float, type(None))),
    "object": lambda value: not isinstance(value, (str, bytes, list, tuple, set, bool, int, float, type(None))),
    "null": lambda value: value is None,
}


def signature_of(parameters):
    """A Python signature; parameters without a default come first."""
    return Signature([_parameter(each) for each in parameters])


def _parameter(described):
    default = Parameter.empty if described["required"] else described.get("default")
    return Parameter(described["name"], Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=described["type"])


def bind(name, signature, parameters, args, kwargs):
    """The values given, by parameter. Raises TypeError that says which parameter, what it was given, and what it takes."""
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise TypeError(f"{name}(): {error}. Call {_usage(name, signature)}.") from None
    faults = []
    for described in parameters:
        key = described["name"]
        if key not in given:
            continue
        # None for one that may be left out means: left out.
        if given[key] is None and not described["required"] and not _fits(None, described["schema"]):
            del given[key]
        elif not _fits(given[key], described["schema"]):
            faults.append(f"parameter {key!r} must be {described['type']}, got {_shown(given[key])}")
    if faults:
        raise TypeError(f"{name}(): {'; '.join(faults)}. Call {_usage(name, signature)}.")
    return dict(given)


def _usage(name, signature):
    return f"{name}{signature.format(quote_annotation_strings=False)}"


def _fits(value, schema):
    if not isinstance(schema, dict):
        return True
    if "anyOf" in schema:
        return any([_fits(value, each) for each in schema["anyOf"]])
    if "const" in schema:
        return _is_same(value, schema["const"])
    if "enum" in schema:
        return any([_is_same(value, each) for each in schema["enum"]])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return not kinds or any([_TYPES.get(kind, _anything)(value) for kind in kinds])


def _is_same(value, allowed):
    """Enum members and subclasses of str are the host's to judge."""
    return type(value) not in (str, int, float, bool, type(None)) or type(value) is type(allowed) and value == allowed


def _anything(value):
    return True


def _shown(value):
    kind = class_name(value)
    if type(value) in (str, int, float, bool):
        return f"{clip(repr(value) if type(value) is not str else repr(value[:200]), 80)} ({kind})"
    return kind

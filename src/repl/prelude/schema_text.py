"""Reply schemas given as text: `"list[str]"`, `"{name: str, age?: int}"`, `"'yes' | 'no'"`, `"string[]"`."""

from _rlm_private_builtins import PRIVATE as __builtins__

import ast
import re

from _rlm_schema_parts import BadSchema, dict_of, list_of, literal_of, object_of, scalar, tuple_of, union_of

_SCALARS = {
    "str": "str", "string": "str", "int": "int", "integer": "int", "float": "float", "number": "float", "bool": "bool", "boolean": "bool",
    "None": "none", "null": "none", "any": "any", "Any": "any", "object": "any", "unknown": "any", "date": "date", "datetime": "datetime",
}
_LISTS = {"list", "List", "Sequence", "Array", "array"}
_DICTS = {"dict", "Dict", "Mapping", "Record"}
_CONSTANTS = {"true": True, "false": False}
_MAX_CHARS = 10_000
# What stands in the brackets of `T[]` when Python reads it.
_ARRAY = "__array"


def from_text(text):
    if len(text) > _MAX_CHARS:
        raise BadSchema(f"a type of {len(text):,} characters; at most {_MAX_CHARS:,}")
    return _typed(_parse(_as_python(text), text), text)


def from_fields_text(text):
    """`title: str, score?: int` as (name, Typed, is optional, None) each; a field without a type is a str."""
    fields = [part if ":" in part else f"{part}: str" for part in _split(text)]
    node = _parse("{" + _as_python(", ".join(fields)) + "}", text)
    return _fields(node, text)


def _as_python(text):
    """TypeScript's spellings that Python cannot read: `a?: T`, `T[]`, `Array<T>`; `;` between fields. Quoted texts stay as they are."""
    pieces = re.split(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", text.strip())
    for at in range(0, len(pieces), 2):
        piece = pieces[at]
        if at > 0 and re.match(r"\s*\?\s*:", piece):
            pieces[at - 1] = f"{pieces[at - 1][:-1]}?{pieces[at - 1][-1]}"
            piece = piece.replace("?", "", 1)
        piece = re.sub(r"(\w+)\s*\?\s*:", r"'\1?':", piece)
        piece = re.sub(r"\[\s*\]", f"[{_ARRAY}]", piece).replace(";", ",").replace("<", "[").replace(">", "]")
        pieces[at] = piece
    return "".join(pieces)


def _parse(source, text):
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadSchema(f"{text[:200]!r} cannot be read as a type") from None


def _typed(node, text):
    match node:
        case ast.Name(id=name) if name in _SCALARS:
            return scalar(_SCALARS[name])
        case ast.Name(id=name) if name in _CONSTANTS:
            return literal_of([_CONSTANTS[name]])
        case ast.Name(id=name) if name in _LISTS:
            return list_of(scalar("any"))
        case ast.Name(id=name) if name in _DICTS:
            return dict_of(scalar("any"))
        case ast.Name(id="tuple" | "Tuple"):
            return list_of(scalar("any"), tuple)
        case ast.Name(id=name):
            raise BadSchema(f"{name!r} is no type that is known in {text[:200]!r}")
        case ast.Constant(value=None):
            return scalar("none")
        case ast.Constant(value=value) if type(value) in (str, int, float, bool):
            return literal_of([value])
        case ast.Attribute(attr=name):
            return _typed(ast.Name(name), text)
        case ast.BinOp(op=ast.BitOr()):
            return union_of([_typed(option, text) for option in _options(node)])
        case ast.Dict():
            return object_of(_fields(node, text))
        case ast.List(elts=[item]):
            return list_of(_typed(item, text))
        case ast.Subscript(value=item, slice=ast.Name(id="__array")):
            return list_of(_typed(item, text))
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _generic(name, inner.elts if isinstance(inner, ast.Tuple) else [inner], text)
    raise BadSchema(f"{ast.unparse(node)[:100]!r} is no type, in {text[:200]!r}")


def _generic(name, args, text):
    if name == "Literal":
        return literal_of([_constant(each, text) for each in args])
    if name in ("tuple", "Tuple") and len(args) == 2 and isinstance(args[1], ast.Constant) and args[1].value is ...:
        return list_of(_typed(args[0], text), tuple)
    inner = [_typed(each, text) for each in args]
    if name in _LISTS and len(inner) == 1:
        return list_of(inner[0])
    if name in ("set", "Set", "frozenset") and len(inner) == 1:
        return list_of(inner[0], set)
    if name in _DICTS and len(inner) == 2:
        if inner[0].spec != {"kind": "str"}:
            raise BadSchema(f"the keys of a dict are str in JSON, in {text[:200]!r}")
        return dict_of(inner[1])
    if name in ("tuple", "Tuple"):
        return tuple_of(inner)
    if name == "Optional" and len(inner) == 1:
        return union_of([inner[0], scalar("none")])
    if name == "Union":
        return union_of(inner)
    raise BadSchema(f"{name}[...] with {len(args)} parameters is no type that is known, in {text[:200]!r}")


def _fields(node, text):
    fields = []
    for key, value in zip(node.keys, node.values):
        name = key.id if isinstance(key, ast.Name) else key.value if isinstance(key, ast.Constant) else None
        if type(name) is not str:
            raise BadSchema(f"a field of {text[:200]!r} has no name")
        fields.append((name.removesuffix("?"), _typed(value, text), name.endswith("?"), None))
    return fields


def _options(node):
    """Left to right; long unions are deep trees."""
    options = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        options.append(node.right)
        node = node.left
    return [node, *reversed(options)]


def _constant(node, text):
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise BadSchema(f"{ast.unparse(node)[:100]!r} is no literal, in {text[:200]!r}") from None


def _split(text):
    """At the commas outside of brackets and quotes."""
    parts, depth, quote, start = [], 0, None, 0
    for at, char in enumerate(text):
        if quote is not None:
            quote = None if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "[{(<":
            depth += 1
        elif char in "]})>":
            depth -= 1
        elif char in ",;" and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [part for part in [*parts, text[start:].strip()] if part]

"""Reply schemas given as JSON Schema. Rules that are not checked here (`minimum`, `pattern`, …) are refused by name instead of being ignored."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_schema_parts import MAX_DEPTH, BadSchema, Typed, dict_of, list_of, literal_of, object_of, scalar, tuple_of, union_of

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "none"}
_FORMATS = {"date": "date", "date-time": "datetime"}
_TYPES = {*_SCALARS, "object", "array"}
_NOTES = {"title", "description", "default", "examples", "example", "deprecated", "$schema", "$id", "$comment", "$defs", "definitions", "readOnly", "writeOnly"}
_CHECKED = {"type", "enum", "const", "anyOf", "oneOf", "items", "prefixItems", "properties", "required", "additionalProperties", "$ref", "allOf", "format"}
_MARKS = {"$schema", "$ref", "properties", "anyOf", "oneOf", "allOf", "enum"}


def is_json_schema(given):
    """A dict that says so by its keywords; any other dict is one of fields: `{"name": str}`."""
    kind = given.get("type")
    names = kind if isinstance(kind, list) else [kind]
    return any([isinstance(name, str) and name in _TYPES for name in names]) or any([isinstance(given.get(mark), (list, dict)) or (mark[0] == "$" and mark in given) for mark in _MARKS])


def from_json_schema(node, root, depth=0):
    if depth > MAX_DEPTH:
        raise BadSchema(f"the JSON Schema is nested more than {MAX_DEPTH} levels deep (it may refer to itself)")
    if node is True or node == {}:
        return scalar("any")
    if not isinstance(node, dict):
        raise BadSchema(f"{node!r:.100} is no JSON Schema")

    def inner(each):
        return from_json_schema(each, root, depth + 1)

    unknown = sorted([str(key) for key in node if key not in _NOTES and key not in _CHECKED])
    if unknown:
        raise BadSchema(f"the JSON Schema uses {', '.join(unknown)}, which is not checked here: leave it out and check the value in your code")
    if "$ref" in node:
        return inner(_resolve(node["$ref"], root))
    if "const" in node:
        return literal_of([node["const"]])
    if "enum" in node:
        return literal_of(node["enum"])
    for several in ("anyOf", "oneOf"):
        if several in node:
            return union_of([inner(each) for each in node[several]])
    if "allOf" in node:
        if len(node["allOf"]) != 1:
            raise BadSchema("allOf with several schemas: write them as one")
        return inner(node["allOf"][0])
    kinds = node.get("type", "object" if "properties" in node else "array" if "items" in node else None)
    if kinds is None:
        return scalar("any")
    return union_of([_of_kind(kind, node, inner) for kind in (kinds if isinstance(kinds, list) else [kinds])])


def _of_kind(kind, node, inner):
    if kind in _SCALARS:
        # A date in JSON Schema is a text that is written like one.
        return Typed({"kind": _FORMATS.get(node.get("format"), "str") if kind == "string" else _SCALARS[kind]})
    if kind == "array":
        if "prefixItems" in node:
            return tuple_of([inner(each) for each in node["prefixItems"]])
        return list_of(inner(node.get("items", True)))
    if kind == "object":
        if not node.get("properties"):
            extra = node.get("additionalProperties", True)
            return dict_of(inner(True if extra is False else extra))
        required = node.get("required", [])
        return object_of([(name, inner(each), name not in required, each.get("description") if isinstance(each, dict) else None) for name, each in node["properties"].items()])
    raise BadSchema(f"{kind!r:.100} is no type of JSON Schema")


def _resolve(ref, root):
    if not isinstance(ref, str) or not ref.startswith("#/"):
        raise BadSchema(f"$ref {ref!r:.100}: only references inside of the schema (#/$defs/…) can be followed")
    node = root
    for step in ref[2:].split("/"):
        step = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or step not in node:
            raise BadSchema(f"$ref {ref!r:.100} points to nothing")
        node = node[step]
    return node

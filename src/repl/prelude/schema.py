"""`schema=` of sub-calls: any of the ways to say a type, as one Typed."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_schema_json import from_json_schema, is_json_schema
from _rlm_schema_parts import BadSchema, Typed, list_of, object_of, scalar
from _rlm_schema_text import from_fields_text, from_text
from _rlm_schema_types import from_type
from _rlm_text import plain_str

_CURE = "Write for example schema='list[str]', schema={'name': str, 'age': int}, schema=list[int], a dataclass, or a JSON Schema. Nothing was sent"


def read_schema(schema):
    """The Typed of a schema. Raises ValueError when it cannot be one."""
    try:
        return _typed(schema, 0)
    except BadSchema as fault:
        raise ValueError(f"schema: {fault}. {_CURE}") from None


def read_outputs(schema):
    """The output fields of a child run and how its outputs become its answer: `answer: T`, or, for a text with `->`, the fields named there."""
    if schema is None:
        return read_outputs_of(scalar("str"))
    if isinstance(schema, str) and "->" in schema:
        try:
            left, _, right = plain_str(schema).partition("->")
            if left.strip():
                raise BadSchema(f"{schema[:200]!r}: inputs of a child are given as keyword arguments, write the outputs only: '-> title: str, score: int'")
            return object_of(from_fields_text(right))
        except BadSchema as fault:
            raise ValueError(f"schema: {fault}. {_CURE}") from None
    return read_outputs_of(read_schema(schema))


def read_outputs_of(answer):
    return Typed(object_of([("answer", answer, False, None)]).spec, lambda outputs: answer.value(outputs["answer"]))


def _typed(schema, depth):
    if isinstance(schema, str):
        return from_text(plain_str(schema))
    if isinstance(schema, dict):
        if is_json_schema(schema):
            return from_json_schema(schema, schema, depth)
        return object_of([(_name(name), from_type(each, _typed, depth + 1), name.endswith("?") if isinstance(name, str) else False, None) for name, each in schema.items()])
    if isinstance(schema, list) and len(schema) == 1:
        return list_of(_typed(schema[0], depth + 1))
    return from_type(schema, _typed, depth)


def _name(name):
    return plain_str(name).removesuffix("?") if isinstance(name, str) else name

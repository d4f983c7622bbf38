"""Makes `await llm_query(...)` and `asyncio.gather(*[llm_query(p) for p in ps])` concurrent.

`llm_query` must return a text for all the code that does not await it. Where the source shows that a call is awaited, the call is sent
to the awaitable twin instead, chosen when it runs: a local function of the same name is left alone.

A call that was made before, `replies = [tool(x) for x in xs]`, has its result already: awaiting that gives it, as if it had been waited for.
"""

from _rlm_private_builtins import PRIVATE as __builtins__

import ast
from collections.abc import Awaitable

CHOOSER = "__rlm_awaitable__"
READY = "__rlm_ready__"
_ATOMS = (str, int, float, type(None))
_TAKE_AWAITABLES = {"gather", "create_task", "ensure_future", "wait_for", "as_completed", "wait", "shield", "run_until_complete"}


def mark_awaited_calls(tree):
    return ast.fix_missing_locations(_Marker().visit(tree))


class _Marker(ast.NodeTransformer):
    def visit_Await(self, node):
        self.generic_visit(node)
        node.value = _ready(_marked(node.value))
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        if name in _TAKE_AWAITABLES:
            node.args = [_marked(argument) for argument in node.args]
        # By its full name only: anybody may have a function `gather` that takes plain values.
        if name == "gather" and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "asyncio":
            node.args = [_ready(argument) for argument in node.args]
        return node


def _marked(node):
    match node:
        case ast.Call():
            chooser = ast.Name(CHOOSER, ast.Load())
            node.func = ast.copy_location(ast.Call(ast.copy_location(chooser, node.func), [node.func], []), node.func)
        case ast.Starred():
            node.value = _marked(node.value)
        case ast.List() | ast.Tuple() | ast.Set():
            node.elts = [_marked(element) for element in node.elts]
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
            node.elt = _marked(node.elt)
    return node


def _ready(node):
    if isinstance(node, ast.Starred):
        return ast.copy_location(ast.Starred(_ready_call(node.value, ast.Constant(True)), node.ctx), node)
    return _ready_call(node)


def _ready_call(node, *options):
    return ast.copy_location(ast.Call(ast.Name(READY, ast.Load()), [node, *options], []), node)


def ready(value, each=False):
    """Results of host calls are plain values. What Python cannot await for another reason is left to its own message."""
    if each:
        return [ready(item) for item in value]
    return _result(value) if _is_plain(value) and not isinstance(value, Awaitable) else value


def _is_plain(value):
    if type(value) in (list, dict):
        return all([not isinstance(item, Awaitable) for item in (value.values() if type(value) is dict else value)])
    return isinstance(value, _ATOMS)


async def _result(value):
    return value

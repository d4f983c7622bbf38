"""Makes `await llm_query(...)` and `asyncio.gather(*[llm_query(p) for p in ps])` concurrent.

`llm_query` must return a text for all the code that does not await it. Where the source shows that a call is awaited, the call is sent
to the awaitable twin instead, chosen when it runs: a local function of the same name is left alone.
"""

from _rlm_private_builtins import PRIVATE as __builtins__

import ast

CHOOSER = "__rlm_awaitable__"
_TAKE_AWAITABLES = {"gather", "create_task", "ensure_future", "wait_for", "as_completed", "wait", "shield", "run_until_complete"}


def mark_awaited_calls(tree):
    return ast.fix_missing_locations(_Marker().visit(tree))


class _Marker(ast.NodeTransformer):
    def visit_Await(self, node):
        self.generic_visit(node)
        node.value = _marked(node.value)
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
        if name in _TAKE_AWAITABLES:
            node.args = [_marked(argument) for argument in node.args]
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

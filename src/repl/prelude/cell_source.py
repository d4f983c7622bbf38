"""Source of a cell: compiled in two parts (body, trailing expression) and kept for tracebacks."""

from _rlm_private_builtins import PRIVATE as __builtins__

import ast
import linecache
import warnings

from _rlm_awaited_calls import mark_awaited_calls
from _rlm_cell_texts import SOURCES

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_compile = compile
_line_cache = linecache.cache


class CompiledCell:
    __slots__ = ("body", "expression", "stored_names")

    def __init__(self, body, expression, stored_names):
        self.body = body
        self.expression = expression
        # Names that the source assigns; see changed_since.
        self.stored_names = stored_names


def cell_filename(turn, generation):
    """Functions of the session that this one is a copy of keep their own lines."""
    return f"<cell {turn}>" if generation <= 0 else f"<cell {turn} of child run {generation}>"


def remember_source(filename, code):
    """From the cell's start: `traceback.print_exc()` and `inspect.getsource` in it find its lines, too."""
    SOURCES[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    expose_sources()


def expose_sources():
    """Puts all cells into linecache, so that tracebacks through functions of earlier cells show their lines."""
    _line_cache.update(SOURCES)
    linecache.cache = _line_cache


def compile_cell(code, filename):
    """Raises what Python raises for bad source."""
    with warnings.catch_warnings():
        # "\d" in a pattern works; a warning at every such cell would only cost output.
        warnings.simplefilter("ignore")
        tree = _compile(code, filename, "exec", _FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
        stored = _stored_names(tree)
        if "await" in code or "asyncio" in code:
            tree = mark_awaited_calls(tree)
        expression = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
            expression = _compile(last, filename, "eval", _FLAGS, dont_inherit=True)
        body = _compile(tree, filename, "exec", _FLAGS, dont_inherit=True) if tree.body else None
    return CompiledCell(body, expression, stored)


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _stored_names(tree):
    """Names bound by the cell itself; what functions and classes bind inside is theirs."""
    stored, pending = set(), [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _SCOPES):
            stored.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            stored.add(node.id)
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            pending.extend(ast.iter_child_nodes(node))
    return stored

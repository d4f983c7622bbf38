"""Twins of plain functions of cells that can be laid aside where they ask a model: the same source as a coroutine function, in which calls that may lead
to a model are awaited. Made only of functions for which that changes nothing else."""

from _rlm_private_builtins import PRIVATE as __builtins__

import ast
from functools import partial
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from types import FunctionType, MethodType

from _rlm_cell_texts import SOURCES
from _rlm_planned_functions import is_planned, plan_of

STEP = "__rlm_step__"
_compile = compile
_twins = {}
# Calls that look at the frame they are made in.
_FRAME_NAMES = {"locals", "globals", "vars", "dir", "eval", "exec", "super"}
_NOT_PLAIN = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR


class _Call:
    __slots__ = ("plan",)

    def __init__(self, plan):
        self.plan = plan

    def __await__(self):
        return (yield self.plan)


async def step(function, /, *args, **kwargs):
    """A call inside of a twin."""
    plan = plan_of(function, args, kwargs)
    if plan is not None:
        return await _Call(plan)
    twin = twin_of(function)
    return function(*args, **kwargs) if twin is None else await twin(*args, **kwargs)


def twin_of(function):
    """The coroutine function that does the same, or None."""
    if type(function) is partial:
        twin = twin_of(function.func)
        return None if twin is None else partial(twin, *function.args, **function.keywords)
    if type(function) is MethodType:
        twin = twin_of(function.__func__)
        return None if twin is None else MethodType(twin, function.__self__)
    if not _is_of_cell(function) or function.__code__.co_flags & _NOT_PLAIN:
        return None
    code = function.__code__
    key = (code.co_filename, code.co_firstlineno, code.co_qualname, id(code))
    if key not in _twins:
        _twins[key] = (code, _twin_code(code, function))
    twin_code = _twins[key][1]
    return None if twin_code is None else _with_code(function, twin_code)


def _with_code(function, code):
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
    twin = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, tuple([cells[name] for name in code.co_freevars]))
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def _twin_code(code, function):
    tree = ast.parse("".join(SOURCES[code.co_filename][2]))
    found = [node for node in ast.walk(tree) if _is_source_of(node, code)]
    if len(found) != 1:
        return None
    marker = _CallMarker(function, {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)})
    [node] = found
    body = [ast.copy_location(ast.Return(node.body), node.body)] if isinstance(node, ast.Lambda) else node.body
    body = [marker.visit(statement) for statement in body]
    if not marker.marked or marker.locks:
        return None
    return _compiled(_as_coroutine(node, body), code)


def _is_source_of(node, code):
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    # A decorated function is what its decorator made of it.
    return isinstance(node, ast.FunctionDef) and not node.decorator_list and node.name == code.co_name and node.lineno == code.co_firstlineno


def _as_coroutine(node, body):
    arguments = node.args
    nothing = ast.Constant(None)
    # The values are those of the function itself.
    arguments.defaults = [nothing for _ in arguments.defaults]
    arguments.kw_defaults = [None if default is None else nothing for default in arguments.kw_defaults]
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if argument is not None:
            argument.annotation = None
    twin = ast.AsyncFunctionDef(getattr(node, "name", "_lambda"), arguments, body, [], type_params=[])
    return ast.copy_location(twin, node)


def _compiled(twin, code):
    """The code object, compiled inside of a function that binds the free names."""
    binding = [ast.Assign([ast.Name(name, ast.Store()) for name in code.co_freevars], ast.Constant(None))] if code.co_freevars else []
    nowhere = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    outer = ast.FunctionDef("_outer", nowhere, [*binding, twin], [], type_params=[])
    module = _compile(ast.fix_missing_locations(ast.Module([outer], [])), code.co_filename, "exec", dont_inherit=True)
    return _inner_code(_inner_code(module))


def _inner_code(code):
    return next(constant for constant in code.co_consts if type(constant) is type(code))


class _CallMarker(ast.NodeTransformer):
    """Turns calls that may lead to a model into `await __rlm_step__(function, ...)`."""

    def __init__(self, function, names_of_cells):
        self.marked = self.locks = False
        self._names = names_of_cells
        self._known = {**function.__globals__, **_closure_values(function)}

    def visit_Call(self, node):
        self.generic_visit(node)
        if not self._may_ask(node.func):
            return node
        self.marked = True
        call = ast.Call(ast.Name(STEP, ast.Load()), [node.func, *node.args], node.keywords)
        return ast.copy_location(ast.Await(ast.copy_location(call, node)), node)

    def visit_Attribute(self, node):
        self.locks = self.locks or node.attr in ("acquire", "wait")
        return self.generic_visit(node)

    def _may_ask(self, called):
        if isinstance(called, ast.Attribute):
            return called.attr in self._names
        if not isinstance(called, ast.Name) or called.id in _FRAME_NAMES:
            return False
        # A name that is not known yet is a parameter or a local.
        known = self._known.get(called.id, step)
        return known is step or is_planned(known) or _is_of_cell(known)

    def _leave(self, node):
        return node

    # What happens under a lock, or in another function, stays as it is.
    visit_With = visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = visit_GeneratorExp = _leave


def _is_of_cell(value):
    while type(value) is partial:
        value = value.func
    if type(value) is MethodType:
        value = value.__func__
    return type(value) is FunctionType and value.__code__.co_filename in SOURCES


def _closure_values(function):
    values = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            values[name] = cell.cell_contents
        except ValueError:
            pass
    return values

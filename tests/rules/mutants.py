"""Every small way in which a rule could be wrong: one clause left out, turned round, or swapped for its neighbour.

Nothing here knows today's rules: a function is read as a syntax tree, and each of its clauses is changed in turn.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.GtE: ast.Lt, ast.LtE: ast.Gt, ast.Is: ast.IsNot}
_OPPOSITE = {"in_": "not_in", "not_in": "in_", "is_": "is_not", "is_not": "is_"}
# Calls whose arguments are clauses: each can be left out.
_CLAUSES = ("or_", "and_", "union", "where", "frozenset", "map")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one function."""

    where: str
    says: str
    tree: ast.AST

    def __str__(self) -> str:
        return f"{self.where}: {self.says}"


def mutants_of(tree: ast.AST, where: str) -> Iterator[Mutant]:
    """Every mutant of a tree, each a whole copy with one node changed."""
    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            found = next(one for at, one in enumerate(ast.walk(changed)) if at == place)
            before = ast.unparse(found)
            says, change = _changes(found)[number]
            change()
            yield Mutant(where, f"{says} in “{' '.join(before.split())[:110]}”", ast.fix_missing_locations(changed))


Change = tuple[str, Callable[[], Any]]


def _changes(node: ast.AST) -> list[Change]:
    """What can be changed about one node, and how it is said."""
    found: list[Change] = []
    for name in ("elts", "values", "ifs", "args"):
        found += [_without(node, name, number) for number in range(len(_parts(node, name)))]
    if isinstance(node, ast.Compare):
        found.append(("turned round", lambda: setattr(node, "ops", [_TURNED.get(type(node.ops[0]), ast.NotEq)()])))
    if isinstance(node, ast.UnaryOp):
        found.append(("not denied", lambda: _become(node, ast.BoolOp(ast.Or(), [node.operand, node.operand]) if isinstance(node.op, ast.Not)
                                                    else ast.BinOp(node.operand, ast.BitOr(), node.operand))))
    if isinstance(node, ast.Attribute) and node.attr in _OPPOSITE:
        found.append(("turned round", lambda: setattr(node, "attr", _OPPOSITE[node.attr])))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.Sub | ast.BitAnd):
        found += [("only the left", lambda: setattr(node, "right", node.left) if not isinstance(node.op, ast.Sub) else _become(
            node, ast.BinOp(node.left, ast.BitOr(), node.left))), ("only the right", lambda: _become(node, ast.BinOp(
                node.right, ast.BitOr(), node.right)))]
    if isinstance(node, ast.If | ast.IfExp):
        found += [(says, partial(setattr, node, "test", ast.Constant(held))) for says, held in (("always", True), ("never", False))]
    if _adds(node):
        found.append(("left out", lambda: _become(node, ast.Pass())))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found.append(("something else", lambda: setattr(node, "value", "something else")))
    return found


def _adds(node: ast.AST) -> bool:
    """Whether a statement adds something: `roles.add(…)`, `found += …`, `roles |= …`."""
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return call or isinstance(node, ast.AugAssign)


def _parts(node: ast.AST, name: str) -> list[Any]:
    """The clauses of a node that can be left out one by one: of a list, of `and`, of a comprehension's conditions, of `or_(…)`."""
    if name == "elts" and not isinstance(node, ast.Tuple | ast.List | ast.Set):
        return []
    if name == "elts" and isinstance(getattr(node, "ctx", None), ast.Store):
        return []
    if name == "values" and not isinstance(node, ast.BoolOp):
        return []
    if name == "args" and not (isinstance(node, ast.Call) and _called(node) in _CLAUSES):
        return []
    parts = getattr(node, name, [])
    return parts if isinstance(parts, list) and (len(parts) > 1 or name == "ifs") else []


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def _without(node: ast.AST, name: str, number: int) -> Change:
    gone = ast.unparse(getattr(node, name)[number])

    def leave_out() -> None:
        parts = getattr(node, name)
        del parts[number]
        if name == "values" and len(parts) == 1:
            parts.append(parts[0])
    return f"without “{' '.join(gone.split())[:60]}”", leave_out


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into another, in place."""
    node.__class__ = other.__class__        # type: ignore[assignment]
    node.__dict__ = {**other.__dict__, "lineno": getattr(node, "lineno", 1), "col_offset": getattr(node, "col_offset", 0)}


def functions_behind(*roots: Callable[..., Any]) -> list[FunctionType]:
    """The functions, and those of their own modules which they call, at any depth."""
    found: dict[str, FunctionType] = {}
    waiting = [one for root in roots if isinstance(one := inspect.unwrap(root), FunctionType)]
    while waiting:
        one = waiting.pop()
        if (key := f"{one.__module__}.{one.__qualname__}") not in found:
            found[key] = one
            called = [inspect.unwrap(one.__globals__.get(name, print)) for name in _names(one.__code__)]
            waiting += [other for other in called if isinstance(other, FunctionType) and other.__module__ == one.__module__]
    return [found[key] for key in sorted(found)]


def _names(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*(_names(one) for one in inner))


def body_of(function: FunctionType) -> ast.FunctionDef:
    """A function's syntax tree, without its docstring, its decorators and what its signature says."""
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)
    if ast.get_docstring(tree):
        tree.body = tree.body[1:]
    tree.returns, tree.decorator_list = None, []
    tree.args.defaults, tree.args.kw_defaults = [], [None] * len(tree.args.kwonlyargs)
    for arg in (*tree.args.args, *tree.args.kwonlyargs):
        arg.annotation = None
    return tree


@contextmanager
def in_place_of(function: FunctionType, tree: ast.AST) -> Iterator[None]:
    """Let a function do what a mutant does: wherever it was imported, it is the same function with another body."""
    whole = function.__code__
    made: dict[str, Any] = {}
    exec(compile(ast.Module([tree], []), "mutant", "exec"), dict(function.__globals__), made)  # type: ignore[list-item]
    function.__code__ = made[function.__name__].__code__
    _forget_answers(function)
    try:
        yield
    finally:
        function.__code__ = whole
        _forget_answers(function)


def _forget_answers(function: FunctionType) -> None:
    """Let go of what the functions of its module, which may call it, keep of their answers."""
    for one in function.__globals__.values():
        if clear := getattr(one, "cache_clear", None):
            clear()


def table_in(module: ModuleType, name: str) -> ast.expr:
    """The expression that a module's table is made of."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name and node.value:
            return node.value
    raise LookupError(f"{module.__name__} has no table {name}")


@contextmanager
def with_table(table: Any, module: ModuleType, tree: ast.AST) -> Iterator[None]:
    """Let a table hold what a mutant of it holds."""
    whole = dict(table)
    table.update(eval(compile(ast.Expression(tree), "mutant", "eval"), vars(module)))  # type: ignore[arg-type]
    try:
        yield
    finally:
        table.update(whole)

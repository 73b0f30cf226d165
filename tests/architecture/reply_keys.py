"""Reply keys as the code writes them, and the values that it gives; what is only known at run time is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import jinja2
from jinja2 import meta, nodes

from bot.replies.renderer import environment
from tests.architecture.tree import Module

KEY = re.compile(r"[a-z_]+/[a-z0-9_]+")
#: Always given by the dialogue floor.
ALWAYS = frozenset({"office"})
_FIELD_KEYS = frozenset({"prompt", "summary", "left", "key"})


@dataclass(frozen=True)
class Use:
    """A key in the code; ``given`` are the names of its values, None when only the running program knows them."""

    where: str
    key: str
    given: frozenset[str] | None = None
    certain: bool = True  # it can be nothing but a reply key


def required(env: jinja2.Environment, template: str) -> frozenset[str]:
    """The names that a template cannot do without; those that it asks about with ``is defined`` are optional."""
    tree = env.parse(template)
    asked = {
        test.node.name
        for test in tree.find_all(nodes.Test)
        if test.name == "defined" and isinstance(test.node, nodes.Name)
    }
    return frozenset(meta.find_undeclared_variables(tree)) - asked - ALWAYS - set(env.globals)


def template_environment() -> jinja2.Environment:
    return environment()


def _string(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _dict_names(node: ast.AST | None) -> frozenset[str] | None:
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return frozenset()
    if isinstance(node, ast.Dict) and all(_string(key) is not None for key in node.keys):
        return frozenset(str(_string(key)) for key in node.keys)
    return None


def _keyword_names(call: ast.Call) -> frozenset[str] | None:
    names = [one.arg for one in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _argument(call: ast.Call, position: int, name: str) -> ast.AST | None:
    if len(call.args) > position:
        return call.args[position]
    return next((one.value for one in call.keywords if one.arg == name), None)


def _of_call(module: Module, call: ast.Call) -> Iterator[Use]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    where = f"{module.shown}:{call.lineno}"
    first = _string(_argument(call, 0, "key"))
    if name == "Reply" and first:
        yield Use(where, first, _dict_names(_argument(call, 1, "values")))
    elif name == "Refused" and first:
        yield Use(where, first, _keyword_names(call))
    elif name == "Button" and (title := _string(_argument(call, 0, "title"))) and title.startswith("@"):
        yield Use(where, title[1:], _dict_names(_argument(call, 2, "values")))
    elif name == "Field" and (prompt := _string(_argument(call, 1, "prompt"))):
        yield Use(where, prompt)
    for one in call.keywords:
        text = _string(one.value)
        if name in {"Form", "Field"} and one.arg in _FIELD_KEYS and text:
            yield Use(where, text)


def uses(module: Module, topics: frozenset[str]) -> list[Use]:
    """Every use of a reply key; any other string that looks like a key of a known topic counts as an uncertain one."""
    found: list[Use] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            found.extend(_of_call(module, node))
        elif isinstance(node, ast.Assign) and _string(node.value):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == "key":
                    found.append(Use(f"{module.shown}:{node.lineno}", str(_string(node.value))))
        text = _string(node)
        if text and KEY.fullmatch(bare := text.removeprefix("@")) and bare.split("/")[0] in topics:
            found.append(Use(f"{module.shown}:{getattr(node, 'lineno', 0)}", bare, certain=False))
    return found


def patterns(module: Module) -> list[re.Pattern[str]]:
    """Keys put together at run time: ``f"@intent/{name}"`` stands for every key of that shape."""
    made = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        parts = [_string(part) for part in node.values]
        literal = "".join(part or "" for part in parts).removeprefix("@")
        if literal.count("/") != 1 or len(literal) < 5 or not re.fullmatch(r"[a-z0-9_/]+", literal):
            continue
        shape = "".join("[a-z0-9_]+" if part is None else re.escape(part) for part in parts)
        made.append(re.compile(shape.removeprefix("@")))
    return made


def lacking(use: Use, env: jinja2.Environment, sources: Mapping[str, str]) -> frozenset[str]:
    """Names that the template needs and this use does not give."""
    if use.given is None or use.key not in sources:
        return frozenset()
    return required(env, sources[use.key]) - use.given

"""Which module imports which, and where that goes in a circle."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path


def modules(package: Path) -> dict[str, Path]:
    """The modules of a package by their dotted names."""
    return {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(package.rglob("*.py"))
    }


def imports(path: Path, known: Collection[str]) -> set[str]:
    """All modules that a file imports, at its top, inside a function or for types only.

    Args:
        path: the file.
        known: names of modules: ``from a import b`` is an import of ``a.b`` where that is one, else of ``a``.
    """
    return {full if (full := f"{module}.{name}") in known else module for module, name in _imported(path)}


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed once for all tests."""
    return ast.parse(path.read_text("utf-8"))


@cache
def _imported(path: Path) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found += [(node.module, alias.name) for alias in node.names]
    return tuple(found)


def room(module: str) -> str:
    """The room of a module: its folder in the package, or itself; within verification, the folder there."""
    package, *parts = module.split(".")
    return ".".join(parts[: 2 if parts[:1] == ["verification"] else 1]) or package


def room_arrows(arrows: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Which room imports which other one."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for module, used in arrows.items():
        found[room(module)] |= {room(other) for other in used} - {room(module)}
    return dict(found)


def circles(arrows: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """The groups that reach each other, by Tarjan's strongly connected components (1972)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[frozenset[str]] = []

    def close(name: str) -> None:
        at = stack.index(name)
        group = frozenset(stack[at:])
        del stack[at:]
        if len(group) > 1:
            found.append(group)

    for start in arrows:
        if start in number:
            continue
        way: list[tuple[str, Iterator[str]]] = []
        _enter(start, number, low, stack)
        way.append((start, iter(sorted(arrows[start]))))
        while way:
            name, rest = way[-1]
            following = next(rest, None)
            if following is None:
                way.pop()
                if way:
                    low[way[-1][0]] = min(low[way[-1][0]], low[name])
                if low[name] == number[name]:
                    close(name)
            elif following not in number:
                _enter(following, number, low, stack)
                way.append((following, iter(sorted(arrows.get(following, ())))))
            elif following in stack:
                low[name] = min(low[name], number[following])
    return found


def _enter(name: str, number: dict[str, int], low: dict[str, int], stack: list[str]) -> None:
    number[name] = low[name] = len(number)
    stack.append(name)


def drawn(package: Path) -> str:
    """The structure in a few lines: every room, its size and what it imports; circles; the largest room."""
    found = modules(package)
    arrows = {module: imports(path, found) & set(found) - {module} for module, path in found.items()}
    rooms: defaultdict[str, list[str]] = defaultdict(list)
    for module in found:
        rooms[room(module)].append(module)
    sizes = {
        name: (len(inside), sum(found[module].read_text("utf-8").count("\n") for module in inside))
        for name, inside in rooms.items()
    }
    between = room_arrows(arrows)
    lines = [
        f"{name}: {files} files, {count:,} lines -> {', '.join(sorted(between[name])) or 'nothing'}"
        for name, (files, count) in sizes.items()
    ]
    largest = max(sizes, key=lambda name: sizes[name])
    return "\n".join(
        (
            *lines,
            f"{len(rooms)} rooms, {sum(map(len, between.values()))} arrows from room to room",
            f"{len(found)} modules, {sum(map(len, arrows.values()))} arrows from module to module",
            f"circles of rooms: {[sorted(circle) for circle in circles(between)]}",
            f"circles of modules: {[sorted(circle) for circle in circles(arrows)]}",
            f"largest room: {largest} ({sizes[largest][0]} files, {sizes[largest][1]:,} lines)",
        )
    )


if __name__ == "__main__":
    print(drawn(Path(__file__).resolve().parents[2] / "derive"))

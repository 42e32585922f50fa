"""The house has floors, and nobody looks up (docs/DESIGN)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "pledges"
LAYERS = [
    ("choices", "errors"),
    ("rules", "models"),
    ("permissions", "queries", "wording", "letters", "refusals"),
    ("actions",),
    ("forms", "filters", "tables", "charts", "exports", "importers"),
    ("views", "tasks", "urls", "admin", "management", "context", "templatetags", "apps"),
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted(
    path for path in APP.rglob("*.py") if "migrations" not in path.parts and path.parent != APP.parent
)


def layer_of(path: Path) -> str | None:
    first = path.relative_to(APP).parts[0].removesuffix(".py")
    return None if first == "__init__" else first


def imports_of(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def ours(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports_of(path) if name.startswith("pledges.")}


@pytest.mark.static
@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_imports_only_look_down(path):
    layer = layer_of(path)
    if layer is None:
        return

    above = {name for name in ours(path) if RANK[name] > RANK[layer]}

    assert above == set()


@pytest.mark.static
def test_every_module_has_a_floor():
    assert {layer_of(path) for path in MODULES} - {None} <= set(RANK)


@pytest.mark.static
def test_rules_are_pure():
    seen = {name for path in (APP / "rules").glob("*.py") for name in imports_of(path)}

    assert {name for name in seen if name.split(".")[0] not in {"pledges", *PURE}} == set()
    assert {layer for path in (APP / "rules").glob("*.py") for layer in ours(path)} == {"choices", "rules"}


PURE = {
    *("bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions"),
    *("functools", "hashlib", "itertools", "json", "math", "re", "struct", "typing", "unicodedata"),
}


@pytest.mark.static
def test_models_do_not_know_the_rules():
    assert {layer for path in (APP / "models").glob("*.py") for layer in ours(path)} <= {
        "choices",
        "errors",
        "models",
    }


CLOCK = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}
DOORS = {"views", "tasks", "management", "context", "admin"}


def asks_today(node: ast.AST) -> bool:
    """`localdate()` asks the clock; `localdate(moment)` only tells a moment's day."""
    if not isinstance(node, ast.Call) or node.args or node.keywords:
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == "localdate"


@pytest.mark.static
@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_only_doors_ask_what_day_it_is(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    attributes = [
        node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]

    # timezone.now() stamps a row; the day of a judgement is always an argument.
    assert {(node.value.id, node.attr) for node in attributes} & CLOCK == set()
    assert layer_of(path) in DOORS or not any(asks_today(node) for node in nodes)

"""Whoever writes a new action for a person cannot forget the audit."""

import ast
from pathlib import Path

import pytest

from pledges.queries.deeds import DEEDS, TERMINAL

APP = Path(__file__).resolve().parents[2] / "pledges"
PEOPLE = {"author", "reviewer", "by", "user", "owner", "actor", "person"}
RECORDERS = {"record", "record_command"}

LOOSE = "a file without a report is nobody's claim yet; the report that takes it is told"
UNTOLD = {
    "record": "the audit itself",
    "upload": LOOSE,
    "remove": LOOSE,
    "use_again": LOOSE,
    "carry_over": LOOSE,
    "keep_past_password": "whoever sets a password is told",
    "changed_by_themselves": "whoever sets a password is told",
    "waiting_files": "only looks",
    "ask_once": "only asks the author; the report is told",
    "keep_sheet": "a sheet that was uploaded and not taken changes nothing; taking it is told",
}
"""Actions that take a person and leave no row, with the reason."""

FUNCTIONS = {
    (path.stem, node.name): node
    for path in sorted((APP / "actions").glob("*.py"))
    for node in ast.parse(path.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef)
}
Place = tuple[str, str]


def calls_in(place: Place) -> set[str]:
    calls = (node.func for node in ast.walk(FUNCTIONS[place]) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


def places_of(name: str, module: str) -> set[Place]:
    """A name is the module's own, else that of any other."""
    own = (module, name)
    return {own} if own in FUNCTIONS else {place for place in FUNCTIONS if place[1] == name}


def is_told(place: Place, asked: frozenset[Place] = frozenset()) -> bool:
    """Whether a function records, or calls one that does."""
    called = calls_in(place)
    further = {other for name in called for other in places_of(name, place[0])} - asked - {place}
    return bool(called & RECORDERS) or any(is_told(other, asked | {place}) for other in further)


def takes_a_person(function: ast.FunctionDef) -> bool:
    return not PEOPLE.isdisjoint(arg.arg for arg in [*function.args.args, *function.args.kwonlyargs])


DOORS = sorted(
    place
    for place, function in FUNCTIONS.items()
    if not place[1].startswith("_") and takes_a_person(function)
)


def said_in(path: Path) -> set[str]:
    """The actions that a module records by name."""
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.args]
    return {
        call.args[0].value
        for call in named
        if call.func.id in {"record", "_note", "_refused"} and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.static
@pytest.mark.parametrize("place", DOORS, ids=".".join)
def test_what_a_person_does_is_told_or_excused(place):
    assert is_told(place) != (place[1] in UNTOLD)


@pytest.mark.static
def test_the_watch_sees_the_actions_it_should_see():
    seen = {name for _module, name in DOORS}

    assert {"submit_report", "accept_report", "direct", "urge_pledges", "make_feed", "retry_letter"} <= seen
    assert not is_told(("directives", "usual_day"))


@pytest.mark.static
def test_every_action_that_is_told_has_words():
    said = {action for path in APP.rglob("*.py") for action in said_in(path)}

    assert {action for action in said if not action.startswith(TERMINAL)} - set(DEEDS) == set()

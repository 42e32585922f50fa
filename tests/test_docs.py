"""What is written about the product is true of the product: links, names, variables, labels."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.core.management import get_commands

from tests.test_structure import LAYERS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OPERATOR = DOCS / "how-to" / "operator.md"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "deploy" / "README.md", *DOCS.rglob("*.md")]
)
GUIDES = [DOCS / "how-to" / f"{role}.md" for role in ("clerk", "reviewer", "leader", "administrator")]

LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = ("http://", "https://", "mailto:", "#")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PLACE = re.compile(r"`((?:bin|deploy|docs|locale|pledges|seeds|static|templates|tests|ykplan)/[\w./-]*)`")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
NAME = re.compile(r"[a-z]+(?:_[a-z]+)+")
TOLD_NAME = re.compile(r"`(?:\w+\.)*([a-z]+(?:_[a-z]+)+)(?:\(\w*\))?`")
LABEL = re.compile(r"【([^】]+)】")
READERS = {"text", "required", "truth", "number", "one_of", "time_zone", "url_of", "base_url", "secret_key"}

pytestmark = pytest.mark.static


def named(path):
    return str(path.relative_to(ROOT))


def words_of(path):
    return path.read_text(encoding="utf-8")


def calls_in(folder):
    nodes = (node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(words_of(path))))
    return [node for node in nodes if isinstance(node, ast.Call)]


def read_variables():
    """Names that the code asks the environment for: `env.truth("DEBUG", …)`, `os.environ.get("X")`."""
    names = set()
    for call in calls_in(ROOT / "ykplan") + calls_in(ROOT / "pledges"):
        function, first = call.func, call.args[0] if call.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isupper()):
            continue
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if called in READERS or ast.unparse(function) == "os.environ.get":
            names.add(first.value)
    return names


def nouns_of(path):
    heading = words_of(path).splitlines()[0]
    return set(heading.removeprefix("# ").split(", "))


def nouns():
    """Which page is about which nouns."""
    return {
        noun: path
        for path in (DOCS / "nouns").glob("*.md")
        if path.stem != "README"
        for noun in nouns_of(path)
    }


def plain(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_link_leads_somewhere(doc):
    links = [link for link in LINK.findall(FENCED.sub("", words_of(doc))) if not link.startswith(ELSEWHERE)]

    assert [link for link in links if not (doc.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_file_that_is_named_is_there(doc):
    assert [place for place in PLACE.findall(words_of(doc)) if not (ROOT / place).exists()] == []


def test_every_page_is_reached_from_the_first():
    seen, ahead = set(), {ROOT / "README.md"}
    while ahead:
        page = ahead.pop()
        seen.add(page)
        links = [(page.parent / link.partition("#")[0]).resolve() for link in LINK.findall(words_of(page))]
        ahead |= {link for link in links if link.suffix == ".md" and link.exists()} - seen

    assert [named(page) for page in PAGES if page not in seen] == []


def test_every_floor_of_the_house_is_drawn():
    drawing = words_of(DOCS / "architecture.md").partition("```")[2].partition("```")[0]

    assert {name for names in LAYERS for name in names} - set(re.findall(r"\w+", drawing)) == set()


def test_every_command_of_ours_is_documented():
    commands = {name for name, app in get_commands().items() if app in {"pledges", "ykplan"}}
    told = set(COMMAND.findall(words_of(OPERATOR) + words_of(DOCS / "machine-face.md")))

    assert commands - told == set()


@pytest.mark.parametrize("doc", PAGES, ids=named)
def test_every_command_that_is_named_exists(doc):
    assert set(COMMAND.findall(words_of(doc))) - set(get_commands()) == set()


def test_operators_are_told_exactly_the_variables_that_are_read():
    table = words_of(OPERATOR).partition("## Environment variables")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read_variables()


def test_example_of_the_environment_names_only_variables_that_are_read():
    names = re.findall(r"^#?([A-Z_]+)=", words_of(ROOT / ".env.example"), re.MULTILINE)

    assert set(names) - read_variables() == set()


def test_every_model_has_its_page_and_every_constraint_stands_on_it():
    pages = nouns()

    for model in apps.get_app_config("pledges").get_models():
        told = words_of(pages[model.__name__])
        assert [each.name for each in model._meta.constraints if f"`{each.name}`" not in told] == []


@pytest.mark.parametrize("doc", [DOCS / "architecture.md", *sorted((DOCS / "nouns").glob("*.md"))], ids=named)
def test_every_name_a_developer_is_told_occurs_in_the_code(doc):
    sources = [*(ROOT / "pledges").rglob("*.py"), *(ROOT / "ykplan").rglob("*.py")]
    known = {name for path in sources for name in NAME.findall(words_of(path))} | set(get_commands())

    assert set(TOLD_NAME.findall(words_of(doc))) - known == set()


def test_every_noun_with_a_page_is_a_class():
    folders = (ROOT / "pledges" / "models", ROOT / "pledges" / "rules")
    trees = [ast.parse(words_of(path)) for folder in folders for path in folder.glob("*.py")]
    classes = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}

    assert set(nouns()) - classes == set()


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_every_label_in_a_guide_is_on_some_page(guide):
    catalogue = polib.pofile(str(ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    shown = {plain(words) for entry in catalogue for words in [entry.msgstr, *entry.msgstr_plural.values()]}

    assert [label for label in LABEL.findall(words_of(guide)) if label not in shown] == []


def test_readme_names_both_commands_and_the_pictures_are_small():
    readme = words_of(ROOT / "README.md")
    pictures = {path.name: path.stat().st_size for path in (DOCS / "images").iterdir()}

    assert {"bin/run", "bin/test"} <= set(re.findall(r"bin/\w+", readme))
    assert [name for name, size in pictures.items() if size > 300_000] == []
    assert [name for name in pictures if f"docs/images/{name}" not in readme] == []

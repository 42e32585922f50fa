"""Reports from a sheet: dry unless told otherwise, all or none, and a second run adds nothing."""

import pytest
from django.utils.timezone import localdate
from openpyxl import Workbook

from pledges.choices import ReportState
from pledges.models import ProgressReport
from tests.cast import PledgeFactory

HEAD = "pledge,as_of,value,note"


@pytest.fixture
def plan(campaign, finance):
    """Two pledges of the finance office."""
    return PledgeFactory.create_batch(2, campaign=campaign, department=finance)


@pytest.fixture
def sheet(tmp_path):
    def written(*rows):
        path = tmp_path / "in.csv"
        path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
        return str(path)

    return written


@pytest.fixture
def good(plan, sheet):
    one, other = plan
    return sheet(
        f"{one.code},2022-06-30,16,", f"{one.code},2022-03-31,5,一季度", f"{other.code},2022-06-30,100,"
    )


def stored():
    rows = ProgressReport.objects.order_by("pledge__code", "as_of")
    return [(row.pledge.code, row.as_of.isoformat(), int(row.value), row.state) for row in rows]


def test_dry_run_says_what_it_would_do_and_saves_nothing(run, good, lin):
    answer = run("import_reports", good, "--by", "lin")

    assert ("3" in answer.text, "--commit" in answer.text) == (True, True)
    assert stored() == []


def test_committed_rows_wait_for_review(run, good, plan, lin):
    run("import_reports", good, "--by", "lin", "--commit")

    assert [state for *_rest, state in stored()] == [ReportState.SUBMITTED] * 3
    assert [(as_of, value) for _code, as_of, value, _state in stored()[:2]] == [
        ("2022-03-31", 5),
        ("2022-06-30", 16),
    ]


def test_accepted_rows_change_the_lights(run, good, plan, lin, chen):
    run("import_reports", good, "--by", "lin", "--accept-by", "chen", "--commit")

    assert [state for *_rest, state in stored()] == [ReportState.ACCEPTED] * 3
    assert plan[1].standings.on(localdate()).get().light == "done"


@pytest.mark.parametrize("accept", [[], ["--accept-by", "chen"]])
def test_second_run_adds_nothing(run, good, lin, chen, accept):
    run("import_reports", good, "--by", "lin", *accept, "--commit")
    before = stored()

    answer = run("import_reports", good, "--by", "lin", *accept, "--commit")

    assert stored() == before
    assert answer.fault == ""


def test_one_bad_row_of_three_changes_nothing(run, plan, sheet, lin):
    one, other = plan
    path = sheet(
        f"{one.code},2022-06-30,16,", f"{other.code},2022-06-30,12万,", f"{other.code},2022-07-31,9,"
    )

    answer = run("import_reports", path, "--by", "lin", "--commit")

    assert ("3" in answer.fault, "value" in answer.fault, "120000" in answer.fault) == (True, True, True)
    assert stored() == []


def test_sheet_of_a_spreadsheet_is_read_too(run, plan, tmp_path, lin):
    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append([plan[0].code, "2022-06-30", 16, None])
    book.save(tmp_path / "in.xlsx")

    run("import_reports", str(tmp_path / "in.xlsx"), "--by", "lin", "--commit")

    assert [value for _code, _day, value, _state in stored()] == [16]


def test_exported_plan_comes_back_as_reports(run, plan, sheet, boss, chen):
    rows = run("export_plan", plan[0].campaign.code).json
    path = sheet(*(f"{row['pledge']},{row['due']},{row['target']}," for row in rows))

    run("import_reports", path, "--by", "boss", "--accept-by", "chen", "--commit")

    board = run("export_board", plan[0].campaign.code, "--on", "2022-12-31").json
    assert [(row["light"], row["actual"]) for row in board["pledges"]] == [("done", "100")] * 2


@pytest.mark.parametrize(
    "words",
    [
        ["--by", "nobody"],
        ["--by", "lin", "--accept-by", "nobody"],
        ["--by", "lin", "--accept-by", "lin"],
        ["--by", "lin", "--accept-by", "li"],
        ["--by", "gone"],
        [],
    ],
    ids=["unknown", "unknown reviewer", "own reports", "no reviewer", "switched off", "nobody"],
)
def test_wrong_people_are_refused_in_one_line(run, good, lin, li, wu, words):
    type(wu).objects.filter(pk=wu.pk).update(username="gone", is_active=False)

    answer = run("import_reports", good, *words, "--commit")

    assert answer.fault
    assert "\n" not in answer.fault
    assert stored() == []


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_file_that_cannot_be_read_is_refused_in_one_line(run, tmp_path, lin, name):
    answer = run("import_reports", str(tmp_path / name), "--by", "lin", "--commit")

    assert answer.fault
    assert "\n" not in answer.fault


@pytest.mark.parametrize("commit", [[], ["--commit"]], ids=["dry", "committed"])
def test_superuser_never_accepts_their_own(run, good, boss, commit):
    answer = run("import_reports", good, "--by", "boss", "--accept-by", "boss", *commit)

    assert answer.fault
    assert stored() == []

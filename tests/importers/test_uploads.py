"""A filled-in sheet: every row has its fate, every fault its words, and the same sheet twice says nothing new."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges.actions.sheets import take_sheet
from pledges.choices import Basis
from pledges.exports.filling import HEADS
from pledges.importers.faults import SheetFault
from pledges.importers.uploads import (
    MOST_TEXT,
    Fate,
    foretell,
    look_at,
    problems_of,
    read_upload,
    reports_from,
)
from pledges.models import Campaign, Closing, ProgressReport
from tests.cast import MIDSUMMER, PledgeFactory, ReportFactory, accepted
from tests.kit.sheets import filled, form_of, uploaded

pytestmark = pytest.mark.django_db

JUNE = date(2022, 6, 30)
HEAD = "pledge,as_of,value,note"


def look(user, campaign, said, *, form=None):
    upload = uploaded(user, campaign, filled(form or form_of(user, campaign), said))
    return look_at(upload, today=MIDSUMMER)


def look_csv(user, campaign, *lines, encoding="utf-8"):
    content = "\n".join(lines).encode(encoding)
    return look_at(uploaded(user, campaign, content, "a.csv"), today=MIDSUMMER)


def fates(survey):
    return [(each.row.cells["pledge"], each.fate) for each in survey.looks]


def test_form_as_downloaded_says_nothing(pledge, lin, campaign):
    survey = look(lin, campaign, {})

    assert (fates(survey), survey.can_be_taken, survey.shown) == ([(pledge.code, Fate.EMPTY)], False, [])


def test_row_filled_in_is_new(pledge, lin, chen, campaign):
    accepted(pledge, as_of=date(2022, 3, 31), value=5, reviewer=chen, author=lin)

    survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 60, "note": " 台账 "}})
    foretell(survey.looks, today=MIDSUMMER)
    (only,) = survey.looks

    assert (only.fate, only.said.value, only.said.note, only.was.value) == (Fate.NEW, 60, "台账", 5)
    assert (only.preview.before.verdict.light, only.preview.after.verdict.light) == ("red", "green")
    assert (survey.can_be_taken, len(survey.sayings)) == (True, 1)


def test_doubts_are_flagged_and_take_nothing_away(pledge, lin, chen, campaign):
    accepted(pledge, as_of=date(2022, 3, 31), value="1", reviewer=chen, author=lin)

    survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 500}})
    foretell(survey.looks, today=MIDSUMMER)

    assert (survey.can_be_taken, bool(survey.looks[0].flags)) == (True, True)


@pytest.mark.parametrize(
    "said",
    [
        {"value": 5},
        {"as_of": JUNE},
        {"as_of": JUNE, "value": "12万"},
        {"as_of": JUNE, "value": "=1+1"},
        {"as_of": 46000, "value": 5},
        {"as_of": date(2022, 7, 2), "value": 5},
        {"as_of": JUNE, "value": -5, "note": "更正"},
        {"as_of": JUNE, "value": 5, "note": "字" * 2001},
        {"as_of": JUNE, "value": 5, "seen": "x"},
        {"as_of": JUNE, "value": 5, "seen": "9" * 5000},
    ],
)
def test_one_bad_row_holds_all_back(said, pledge, lin, campaign, finance):
    other = PledgeFactory(campaign=campaign, department=finance)

    survey = look(lin, campaign, {pledge.code: said, other.code: {"as_of": JUNE, "value": 5}})

    assert (survey.counts["fault"], survey.counts["new"], survey.can_be_taken) == (1, 1, False)
    assert [each.fate for each in survey.shown] == [Fate.FAULT, Fate.NEW]
    assert problems_of(survey).keys() == {2}


def test_fault_of_a_cell_names_row_and_column(pledge, lin, campaign):
    with translation.override("en"):
        survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": "=1+1"}})
        assert problems_of(survey) == {2: "Row 2, Figure: a formula. Paste its value instead."}
        survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": ""}})
        assert problems_of(survey) == {2: "Figure: Write a number."}


def test_a_unit_in_a_cell_is_named_and_stands_nowhere_on_the_right(pledge, lin, campaign, finance):
    bare = PledgeFactory(campaign=campaign, department=finance, basis=Basis.DELIVERABLE)
    said = {"as_of": JUNE, "value": "12家"}
    with translation.override("en"):
        survey = look(lin, campaign, {pledge.code: said, bare.code: said | {"value": "5%"}})
        told = problems_of(survey)

    assert f"it is counted in {pledge.unit}." in told[2]
    assert "right" not in " ".join(told.values())


def test_marks_between_the_thousands_of_the_known_report_are_no_newer_report(pledge, lin, campaign):
    ReportFactory(pk=1640, pledge=pledge, author=lin, as_of=date(2022, 3, 31), value=5)
    head = f"{HEAD},{HEADS['seen']}"

    for seen, can in (("1,640", True), ("1640", True), ("1,639", False)):
        survey = look_csv(lin, campaign, head, f'{pledge.code},{JUNE},60,,"{seen}"')
        assert survey.can_be_taken is can


def test_what_was_said_is_no_change(pledge, lin, chen, campaign):
    accepted(pledge, as_of=JUNE, value="5.50", reviewer=chen, author=lin)

    survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 5.5}})

    assert (survey.counts["same"], survey.can_be_taken) == (1, False)


def test_somebody_who_reported_meanwhile_is_a_conflict(pledge, lin, chen, campaign):
    form = form_of(lin, campaign)
    ReportFactory(pledge=pledge, as_of=date(2022, 3, 31), value=Decimal(4), author=chen)

    survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 5}}, form=form)

    assert (survey.counts["fault"], chen.name in problems_of(survey)[2]) == (1, True)


def test_conflict_without_a_report_says_so(pledge, lin, campaign):
    survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 5, "seen": 77}})

    assert survey.counts["fault"] == 1


def test_row_that_knows_nothing_knows_what_was_there_when_it_came(pledge, lin, chen, campaign):
    content = f"{HEAD}\n{pledge.code},2022-06-30,5,".encode()
    upload = uploaded(lin, campaign, content, "a.csv")
    assert look_at(upload, today=MIDSUMMER).can_be_taken

    ReportFactory(pledge=pledge, as_of=date(2022, 3, 31), value=Decimal(4), author=chen)

    assert not look_at(upload, today=MIDSUMMER).can_be_taken


def test_others_pledges_read_like_none(pledge, lin, wu, campaign):
    other = PledgeFactory(department=pledge.department)
    lines = [HEAD, f"{pledge.code},2022-06-30,5,", f"{other.code},2022-06-30,5,", "nowhere,2022-06-30,5,"]

    for user, known in ((wu, set()), (lin, {pledge.code})):
        survey = look_csv(user, campaign, *lines)
        told = {
            each.problems[0].replace(each.row.cells["pledge"], "x")
            for each in survey.looks
            if each.row.cells["pledge"] not in known
        }
        assert len(told) == 1
        assert all(each.pledge is None for each in survey.looks if each.row.cells["pledge"] not in known)


def test_closed_pledge_takes_no_figure(pledge, lin, chen, campaign):
    form = form_of(lin, campaign)
    Closing.objects.create(pledge=pledge, closed_by=chen)

    assert look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 5}}, form=form).counts["fault"] == 1


def test_completion_that_needs_evidence_is_sent_to_the_form(pledge, lin, campaign):
    Campaign.objects.update(completion_needs_evidence=True)
    with translation.override("en"):
        survey = look(lin, campaign, {pledge.code: {"as_of": JUNE, "value": 100}})

    assert problems_of(survey)[2].endswith("Report it through the form.")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("word,value", [("Done", 1), ("Under way", 0), ("1", 1)])
def test_deliverable_is_read_in_every_language(language, word, value, campaign, make, lin):
    plan = make((date(2022, 9, 30), None), basis=Basis.DELIVERABLE, unit="")
    with translation.override(language):
        form = form_of(lin, campaign)

    (only,) = look(lin, campaign, {plan.code: {"as_of": JUNE, "value": word}}, form=form).looks

    assert (only.fate, only.said.value) == (Fate.NEW, value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "gbk"])
def test_csv_is_read_in_the_usual_encodings(encoding, pledge, lin, campaign):
    survey = look_csv(lin, campaign, HEAD, f"{pledge.code},2022年6月30日,5,已核对", encoding=encoding)

    assert (survey.looks[0].fate, survey.looks[0].said.note) == (Fate.NEW, "已核对")


def test_more_text_than_figures_need_is_refused(pledge, lin):
    lines = "\n".join([HEAD, *[f"x,2022-06-30,5,{'字' * 30_000}"] * (MOST_TEXT // 30_000 + 1)])

    with pytest.raises(SheetFault) as caught:
        read_upload("a.csv", lines.encode(), owner=lin)

    assert caught.value.code == "too_long"


def test_any_number_of_rows_asks_the_same_questions(
    pledge, lin, campaign, finance, django_assert_num_queries
):
    def asked(pledges):
        upload = uploaded(
            lin,
            campaign,
            filled(form_of(lin, campaign), {p.code: {"as_of": JUNE, "value": 5} for p in pledges}),
        )
        with django_assert_num_queries(20, exact=False) as found:
            foretell(look_at(upload, today=MIDSUMMER).looks, today=MIDSUMMER)
        return len(found)

    assert asked([pledge]) == asked(
        [pledge, *PledgeFactory.create_batch(3, campaign=campaign, department=finance)]
    )


figures = st.decimals(min_value=0, max_value=99, places=2)
said = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
# An office program makes a formula of what begins with "=" and a fault of what begins with "#".
notes = st.text(said, max_size=40).filter(lambda text: text[:1] not in {"=", "#"})
days = st.dates(date(2022, 1, 1), MIDSUMMER)
often = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.django_db
def test_what_is_filled_in_is_what_is_reported_and_twice_is_once(lin, finance):
    @often
    @given(st.lists(st.tuples(figures, days, notes), min_size=1, max_size=3))
    def round_trip(said):
        campaign = Campaign.objects.create(
            code=f"c{Campaign.objects.count()}",
            name="x",
            starts_on=date(2022, 1, 1),
            ends_on=date(2022, 12, 31),
            completion_needs_evidence=False,
        )
        pledges = PledgeFactory.create_batch(len(said), campaign=campaign, department=finance, unit="亿元")
        form = form_of(lin, campaign)
        assert not look(lin, campaign, {}, form=form).shown
        typed = {
            pledge.code: {"as_of": day, "value": value, "note": note or None}
            for pledge, (value, day, note) in zip(pledges, said, strict=True)
        }
        content = filled(form, typed)
        upload = uploaded(lin, campaign, content)
        take_sheet(upload, look_at(upload, today=MIDSUMMER).sayings, author=lin, today=MIDSUMMER)

        stored = [(report.value, report.as_of, report.note) for report in reports_from(upload)]
        assert sorted(stored) == sorted((value, day, note.strip()) for value, day, note in said)
        again = uploaded(lin, campaign, content)
        assert look_at(again, today=MIDSUMMER).counts["same"] == len(said)
        assert ProgressReport.objects.filter(pledge__campaign=campaign).count() == len(said)

    round_trip()

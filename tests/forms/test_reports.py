"""From typed text to a saying, and the reason of a return."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.http import QueryDict
from django.utils.translation import override

from pledges.choices import Basis, Entry, ReportState
from pledges.errors import StaleError
from pledges.forms.reports import ReportForm, ReturnForm
from pledges.models import ProgressReport
from pledges.queries.reports import newest_id
from pledges.rules.reporting import Said
from tests.cast import PledgeFactory, ReportFactory, accepted

TODAY = date(2022, 7, 4)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def deliverable(campaign, finance):
    return PledgeFactory(
        campaign=campaign,
        department=finance,
        basis=Basis.DELIVERABLE,
        unit="",
        stones=[(date(2022, 12, 31), None)],
    )


def typed(**fields) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {"value": "50", "entry": "total", "as_of": "2022-06-30", "key": str(uuid4()), "seen": "0"} | fields
    )
    return data


def form_for(pledge, author, data=None, **more) -> ReportForm:
    return ReportForm(data, pledge=pledge, author=author, today=TODAY, **more)


def test_a_new_form_starts_with_today_and_a_running_total(pledge, lin):
    form = form_for(pledge, lin)

    assert (form["as_of"].value(), form["entry"].value(), form["value"].value()) == (TODAY, Entry.TOTAL, None)
    assert UUID(str(form["key"].value())).version == 4
    assert form["seen"].value() == 0


def test_a_form_knows_the_newest_report_in_any_state(pledge, lin):
    ReportFactory(pledge=pledge, author=lin, state=ReportState.WITHDRAWN)

    assert form_for(pledge, lin)["seen"].value() == newest_id(pledge) > 0


def test_a_form_offers_again_what_was_sent_back(pledge, lin, chen):
    back = ReportFactory(
        pledge=pledge,
        author=lin,
        value=Decimal(43),
        typed_value=Decimal(3),
        entry=Entry.PERIOD,
        note="名单附后",
        state=ReportState.RETURNED,
        reviewer=chen,
        return_reason="少一家",
    )

    form = form_for(pledge, lin, again=back)

    values = {name: form[name].value() for name in ("value", "entry", "as_of", "note")}
    assert values == {"value": "3", "entry": "period", "as_of": date(2022, 6, 30), "note": "名单附后"}
    assert form.preview() is not None


def test_a_deliverable_that_was_sent_back_keeps_its_choice(deliverable, lin, chen):
    back = ReportFactory(
        pledge=deliverable,
        author=lin,
        value=Decimal(1),
        state=ReportState.RETURNED,
        reviewer=chen,
        return_reason="附件",
    )

    chosen = [
        radio.data["value"]
        for radio in form_for(deliverable, lin, again=back)["value"]
        if radio.data["selected"]
    ]

    assert chosen == ["1"]


@pytest.mark.parametrize(
    "basis, asks", [(Basis.CUMULATIVE, True), (Basis.NEW, True), (Basis.GROWTH, False), (Basis.LEVEL, False)]
)
def test_this_period_only_is_asked_where_figures_add_up(campaign, finance, lin, basis, asks):
    pledge = PledgeFactory(campaign=campaign, department=finance, basis=basis)

    assert ("entry" in form_for(pledge, lin).fields) is asks


def test_typed_text_becomes_a_saying(pledge, lin):
    form = form_for(
        pledge, lin, typed(value="１，２３４．５", entry="period", as_of="2022年6月30日", note=" 见名单 ")
    )

    assert form.is_valid()
    assert form.said == Said(date(2022, 6, 30), Decimal("1234.5"), "见名单", Entry.PERIOD)


@pytest.mark.parametrize("choice, value", [("1", 1), ("0", 0)])
def test_a_deliverable_is_done_or_under_way(deliverable, lin, choice, value):
    form = form_for(deliverable, lin, typed(value=choice))

    assert form.is_valid()
    assert form.said == Said(date(2022, 6, 30), Decimal(value))


@pytest.mark.parametrize(
    "fields, faults",
    [
        ({"value": ""}, {"value": ["Write a number."]}),
        ({"value": "12万"}, {"value": ["Write 120000; the unit stands on the right."]}),
        ({"as_of": ""}, {"as_of": ["Write a day."]}),
        ({"as_of": "2022-02-29"}, {"as_of": ["There is no such day in the calendar."]}),
        ({"entry": "all"}, {"entry": ["Select a valid choice. all is not one of the available choices."]}),
        ({"note": "长" * 2001}, {"note": ["At most 2000 characters; these are 2001."]}),
    ],
)
def test_what_cannot_be_read_is_explained_at_its_field(pledge, lin, fields, faults):
    form = form_for(pledge, lin, typed(**fields))

    assert dict(form.errors) == faults
    assert (form.preview() is None) is ("note" not in faults)


def test_the_summary_names_the_field_and_where_it_is(pledge, lin):
    form = form_for(pledge, lin, typed(value="", entry="all"))

    assert form.spoken_errors == [
        ("id_value", "Figure: Write a number."),
        ("id_entry_0", "This number is: Select a valid choice. all is not one of the available choices."),
    ]


@pytest.mark.parametrize("fields", [{"key": ""}, {"key": "1"}, {"seen": ""}, {"seen": "x"}, {"seen": "-1"}])
def test_a_form_without_its_hidden_parts_is_incomplete(pledge, lin, fields):
    form = form_for(pledge, lin, typed(**fields))

    assert form.spoken_errors == [("", "The form was incomplete. Check it and send it again.")]


def test_saving_hands_over_to_the_action(pledge, lin):
    form = form_for(pledge, lin, typed())
    assert form.is_valid()

    report = form.save()

    assert (report.pledge, report.author, report.value, str(report.key)) == (
        pledge,
        lin,
        50,
        form.data["key"],
    )


def test_what_the_action_refuses_stands_at_its_field(pledge, lin):
    form = form_for(pledge, lin, typed(value="-5", as_of="2022-07-05"))
    assert form.is_valid()

    assert form.save() is None
    assert set(form.errors) == {"value", "as_of"}
    assert ProgressReport.objects.count() == 0


def test_the_same_key_with_other_contents_is_refused_and_can_be_sent_anew(pledge, lin):
    first, second = typed(), typed(value="60", as_of="2022-07-01")
    second["key"] = first["key"]
    assert form_for(pledge, lin, first).is_valid()
    one = form_for(pledge, lin, first)
    one.is_valid()
    one.save()

    form = form_for(pledge, lin, second)
    assert form.is_valid()

    assert form.save() is None
    assert form.spoken_errors == [("", "This form was already sent with other contents. Open it again.")]
    assert form["value"].value() == "60"
    again = form_for(pledge, lin, form.data)
    assert again.is_valid()
    assert again.save().value == 60


def test_an_old_form_raises_and_is_renewed_with_its_text(pledge, lin):
    form = form_for(pledge, lin, typed(value="60"))
    ReportFactory(pledge=pledge, author=lin, as_of=date(2022, 6, 1))
    assert form.is_valid()

    with pytest.raises(StaleError):
        form.save()
    form.renew()

    assert (form["value"].value(), form["seen"].value()) == ("60", str(newest_id(pledge)))


@pytest.mark.parametrize(
    "fields, reason",
    [
        ({"reason": " 请附名单 "}, "请附名单"),
        ({"usual": "day"}, "The day is not right"),
        ({"usual": "day", "reason": "是 8 月"}, "The day is not right: 是 8 月"),
        ({"usual": "other", "reason": "请附名单"}, "请附名单"),
    ],
)
def test_a_return_has_one_reason(fields, reason):
    form = ReturnForm(fields)

    assert form.is_valid()
    assert form.cleaned_data["reason"] == reason


@pytest.mark.parametrize(
    "fields", [{}, {"reason": "  "}, {"usual": "other"}, {"usual": "other", "reason": "\n"}]
)
def test_a_return_needs_a_reason(fields):
    assert dict(ReturnForm(fields).errors) == {"reason": ["Write why, so that it can be mended."]}


@pytest.mark.parametrize(
    "fields, at", [({"reason": "长" * 901}, {"reason"}), ({"usual": "x"}, {"usual", "reason"})]
)
def test_a_return_that_cannot_be_read_is_refused(fields, at):
    assert set(ReturnForm(fields).errors) == at


def test_the_longest_reason_fits_with_a_usual_one():
    form = ReturnForm({"usual": "meaning", "reason": "长" * 900})

    assert form.is_valid()
    assert len(form.cleaned_data["reason"]) <= 1000


def test_a_day_is_checked_even_where_the_value_cannot_be_read(pledge, lin):
    form = form_for(pledge, lin, typed(value="12万", as_of="2022-07-05"))

    assert set(form.errors) == {"value", "as_of"}
    assert str(form.errors["as_of"][0]).startswith("Not later than today")


def test_a_missing_note_does_not_hide_what_the_figure_would_do(pledge, lin, chen):
    accepted(pledge, as_of=date(2022, 6, 1), value=60, reviewer=chen, author=lin)
    form = form_for(pledge, lin, typed(value="50", seen=str(newest_id(pledge))))

    assert form.is_valid()
    assert form.save() is None
    assert set(form.errors) == {"note"}
    assert (form.preview().total, form.preview().can_be_taken) == (50, True)

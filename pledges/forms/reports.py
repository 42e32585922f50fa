"""What a clerk types about a pledge, and what a reviewer writes when sending it back."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pledges.actions.evidence import carry_over
from pledges.actions.reports import submit_report
from pledges.choices import Entry
from pledges.errors import ConflictingKeyError, DoubtsError
from pledges.forms.evidence import FilesField, key_in
from pledges.forms.fields import NO_NULL, DayField, DayInput, NumberField
from pledges.forms.ledger_entries import NamesField, first_names
from pledges.models import Pledge, ProgressReport, User
from pledges.queries.checks import Check, in_words
from pledges.queries.facts import trajectory_of
from pledges.queries.previews import Preview, preview_of, said_in
from pledges.queries.reports import book_of, newest_id
from pledges.refusals import fault_words
from pledges.rules.checks import Finding
from pledges.rules.ledgers import takes_ledger
from pledges.rules.reporting import Said, faults_in, takes_period
from pledges.wording import day_words

NOTE_LENGTH = 2000
REASON_LENGTH = 900
"""With a usual reason in front it still fits into the 1000 characters that are stored."""
TOO_LONG = _("At most %(limit_value)d characters; these are %(show_value)d.")
INCOMPLETE = _("The form was incomplete. Check it and send it again.")
DONE_OR_NOT = [("1", pgettext_lazy("report", "Done")), ("0", pgettext_lazy("report", "Under way"))]


def _value_hint(pledge: Pledge) -> str:
    """What exactly to write, as the basis decides it."""
    words = {"unit": pledge.unit, "day": day_words(pledge.campaign.starts_on)}
    if takes_period(trajectory_of(pledge)):
        return (
            gettext("Digits only. The total since %(day)s is asked for; a figure of one period is added up.")
            % words
        )
    return gettext(
        "Digits only. The figure itself as of the day below, not its change since the last report."
    )


def _value_field(pledge: Pledge) -> forms.Field:
    """A number in the pledge's unit, or done / under way."""
    if not pledge.is_deliverable:
        required = {"required": _("Write a number.")}
        box = forms.TextInput(attrs={"class": "input input--num"})
        return NumberField(
            unit=pledge.unit,
            label=_("Figure"),
            help_text=_value_hint(pledge),
            widget=box,
            error_messages=required,
        )
    return forms.TypedChoiceField(
        label=_("How does it stand?"),
        choices=DONE_OR_NOT,
        coerce=Decimal,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose done or under way."),
            "invalid_choice": _("Choose done or under way."),
        },
    )


class ReportForm(forms.Form):
    """How a pledge stands on a day. `key` makes a double click harmless, `seen` tells an old page."""

    as_of = DayField(
        label=_("Data as of"),
        help_text=_("The day on which this was true, not the day of reporting."),
        widget=DayInput(attrs={"class": "input input--date"}),
        error_messages={"required": _("Write a day.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "area"}),
        error_messages={"max_length": TOO_LONG, **NO_NULL},
    )
    evidence = FilesField()
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    field_order = ["value", "entry", "as_of", "names", "note", "evidence", "key", "seen", "confirmed"]
    aside: ClassVar[frozenset[str]] = frozenset({"key", "seen", "confirmed"})
    doubts: tuple[Check, ...] = ()

    def __init__(
        self,
        data: Any = None,
        *,
        pledge: Pledge,
        author: User,
        today: date,
        again: ProgressReport | None = None,
    ) -> None:
        self.pledge, self.author, self.today, self.again = pledge, author, today, again
        super().__init__(
            data, initial=self._first_values() if data is None else None, use_required_attribute=False
        )
        self.fields["value"] = _value_field(pledge)
        if pledge.is_deliverable:
            self.fields["as_of"].label = _("Done on, or true on")
            self.fields["as_of"].help_text = _("Not the day of reporting.")
        if takes_period(trajectory_of(pledge)):
            self.fields["entry"] = forms.ChoiceField(
                label=_("This number is"), choices=Entry.choices, widget=forms.RadioSelect
            )
        if takes_ledger(trajectory_of(pledge)):
            self.fields["names"] = NamesField()
        self.order_fields(self.field_order)

    def _first_values(self) -> dict[str, Any]:
        """Today and a running total, or what was typed before it was sent back."""
        first: dict[str, Any] = {"as_of": self.today, "entry": Entry.TOTAL}
        first["names"] = first_names(self.pledge, self.again)
        if self.again:
            value = self.again.typed_value
            first |= {
                "value": f"{value:.0f}" if self.pledge.is_deliverable else value,
                "entry": self.again.entry,
                "as_of": self.again.as_of,
                "note": self.again.note,
            }
        return first | {"key": uuid4(), "seen": newest_id(self.pledge)}

    @property
    def said(self) -> Said | None:
        """What was typed, where it can be read."""
        typed = self.cleaned_data
        if not {"value", "as_of"} <= typed.keys() or ("entry" in self.fields and "entry" not in typed):
            return None
        entry = Entry(typed.get("entry", Entry.TOTAL))
        return Said(typed["as_of"], typed["value"], typed.get("note", ""), entry, typed.get("names", ()))

    def clean(self) -> dict[str, Any]:
        """Where the value cannot be read, the day is checked all the same: both are mended in one go."""
        typed = super().clean() or {}
        if self.said is None and "as_of" in typed:
            alone = Said(typed["as_of"], Decimal(0))
            faults = faults_in(book_of(self.pledge), alone, today=self.today)
            for sentence in fault_words(faults, self.pledge).get("as_of", []):
                self.add_error("as_of", sentence)
        return typed

    def preview(self) -> Preview | None:
        """What the value in the form would do to the light, where it can be read."""
        said = self._readable()
        return preview_of(self.pledge, said, today=self.today) if said else None

    def _readable(self) -> Said | None:
        if not self.is_bound:
            return said_in(self.again) if self.again else None
        return None if self.errors.keys() & {"value", "entry", "as_of"} else self.said

    def complaints(self, preview: Preview | None) -> list[str]:
        """What is wrong so far. An empty box is no fault while somebody is still typing."""
        if preview:
            found = fault_words(preview.faults, self.pledge)
        else:
            typed = [name for name in self.errors if name not in self.aside and self.data.get(name)]
            found = {name: [str(sentence) for sentence in self.errors[name]] for name in typed}
        return [sentence for sentences in found.values() for sentence in sentences]

    @property
    def names_are_optional(self) -> bool:
        """Whether the campaign leaves it to the clerk to name what is counted."""
        return not self.pledge.campaign.ledger_required

    @property
    def is_refused_whole(self) -> bool:
        """Whether nothing in particular is wrong: the form is old, or incomplete."""
        return not self.errors.keys() - self.aside - {NON_FIELD_ERRORS}

    @property
    def spoken_errors(self) -> list[tuple[str, str]]:
        """The visible faults for the summary on top: the id to jump to, and the sentence."""
        found = []
        for name, messages in self.errors.items():
            if name in self.aside:
                continue
            if name == NON_FIELD_ERRORS:
                found += [("", str(message)) for message in messages]
                continue
            bound = self[name]
            target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
            found += [(target, f"{bound.label}{gettext(': ')}{message}") for message in messages]
        return found or [("", str(INCOMPLETE))]

    def save(self) -> ProgressReport | None:
        """Hand over to the action. None where it was not taken: then the form says why.

        Raises PermissionDenied.
        """
        typed, said = self.cleaned_data, self.said
        if said is None:
            return None
        try:
            return submit_report(
                self.pledge,
                said,
                author=self.author,
                key=typed["key"],
                today=self.today,
                seen=typed["seen"],
                confirmed=typed["confirmed"].split(),
            )
        except DoubtsError as error:
            self.ask(error.doubts)
        except ValidationError as error:
            self._take(error)
        except ConflictingKeyError as error:
            self.add_error(None, str(error))
            self.renew()
        return None

    def _take(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)

    def ask(self, doubts: Sequence[Finding]) -> None:
        """Show what is doubted above the button; sent again as it is, the form says that it was checked."""
        self.doubts = tuple(in_words(doubt, self.pledge) for doubt in doubts)
        signs = {"confirmed": " ".join(doubt.sign for doubt in doubts)}
        self.data = {name: self.data.get(name, "") for name in self.fields} | signs

    def renew(self) -> None:
        """Keep what was typed, but let the form be sent as a new one that knows all that was said."""
        fresh = {"key": str(uuid4()), "seen": str(newest_id(self.pledge))}
        if old := key_in(self.data):
            carry_over(old, UUID(fresh["key"]), user=self.author)
        self.data = {name: self.data.get(name, "") for name in self.fields} | fresh


class ReturnForm(forms.Form):
    """Why a report goes back: a usual reason, own words, or both. The author reads them as they stand."""

    USUAL: ClassVar = {
        "note": _("The figure does not match the note"),
        "meaning": _("Something else is counted than was promised"),
        "day": _("The day is not right"),
        "other": _("Another reason"),
    }

    usual = forms.ChoiceField(
        label=_("Usual reasons"), required=False, choices=list(USUAL.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason of return"),
        required=False,
        max_length=REASON_LENGTH,
        error_messages={"max_length": TOO_LONG, **NO_NULL},
        widget=forms.Textarea(attrs={"rows": 3, "class": "area"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)

    def clean(self) -> dict[str, Any]:
        """The one reason that is kept."""
        typed = super().clean() or {}
        if "reason" not in typed:
            return typed
        usual = typed.get("usual", "")
        opening = "" if usual in {"", "other"} else str(self.USUAL[usual])
        typed["reason"] = gettext(": ").join(part for part in (opening, typed["reason"]) if part)
        if not typed["reason"]:
            self.add_error("reason", _("Write why, so that it can be mended."))
        return typed

"""When, in which language, and whether somebody gets letters."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions.people import keep_wishes
from pledges.choices import Language
from pledges.forms.fields import DayField, DayInput
from pledges.models import User
from pledges.models.people import LAST_HOUR
from pledges.wording import day_words

LONGEST_PAUSE = timedelta(days=60)
HOURS = [(hour, f"{hour}:00") for hour in range(LAST_HOUR + 1)]
SELECT = {"class": "select"}


class PreferencesForm(forms.Form):
    """A person's own wishes about letters."""

    send_hour = forms.TypedChoiceField(
        label=gettext_lazy("Letters come at"),
        help_text=gettext_lazy("On working days, from this hour on. At most one letter a day."),
        choices=HOURS,
        coerce=int,
        widget=forms.Select(attrs=SELECT),
    )
    paused_until = DayField(
        label=gettext_lazy("No letters until"),
        help_text=gettext_lazy(
            "The last day without letters; empty for no pause. Deadlines and returned reports are told on "
            "the working day after it. Only an urging by hand comes through at once."
        ),
        required=False,
        widget=DayInput(attrs={"class": "input input--date"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of letters and calendar"),
        choices=Language.choices,
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        self.user, self.today = user, today
        # A pause that is over is no wish any more.
        pause = user.paused_until if user.paused_until and user.paused_until >= today else None
        first = {"send_hour": user.send_hour, "paused_until": pause, "language": user.language}
        super().__init__(data, initial=first, use_required_attribute=False)

    def clean_paused_until(self) -> date | None:
        """From today to sixty days ahead: nobody disappears by mistake."""
        day = self.cleaned_data["paused_until"]
        last = self.today + LONGEST_PAUSE
        if day and day < self.today:
            raise ValidationError(_("This day is over. Write today or a later day, or nothing."))
        if day and day > last:
            words = _("At most %(days)s days ahead: %(last)s at the latest.")
            raise ValidationError(words % {"days": LONGEST_PAUSE.days, "last": day_words(last)})
        return day

    def save(self) -> None:
        keep_wishes(self.user, **self.cleaned_data)

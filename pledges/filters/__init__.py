"""What a page can be asked for in its address. One file per list; import from here."""

from pledges.filters.letters import TROUBLE, UNTOLD, LetterFilter, LineFilter
from pledges.filters.plans import YES, PledgeFilter, earlier_day, month_days, month_words, months_offered
from pledges.filters.sifted import Sifted

__all__ = [
    "TROUBLE",
    "UNTOLD",
    "YES",
    "LetterFilter",
    "LineFilter",
    "PledgeFilter",
    "Sifted",
    "earlier_day",
    "month_days",
    "month_words",
    "months_offered",
]

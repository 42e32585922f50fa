"""Tables: one definition for the page and for the sheet that leaves it."""

from pledges.tables.plans import JudgedData, PledgeTable

__all__ = ["JudgedData", "PledgeTable"]

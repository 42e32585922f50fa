"""Tables: one definition for the page and for the sheet that leaves it."""

from pledges.tables.plans import JudgedData, PledgeTable, sheet_rows

__all__ = ["JudgedData", "PledgeTable", "sheet_rows"]

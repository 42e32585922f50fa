"""Letters as they are read: sentences, rows and pages. What they are about comes from `queries/letters.py`."""

"""Read: a few queries, then plain Python. Rows are lifted into the dataclasses of `rules` here."""

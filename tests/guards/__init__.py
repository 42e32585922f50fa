"""Whoever means ill: markup, headers, fields nobody offered, things of others."""

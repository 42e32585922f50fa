"""Doors: find, allow, do, answer."""

"""Exporters: what leaves the house. They know nothing of requests."""

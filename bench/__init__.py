"""Measurements that say whether a promise is kept. Run from the root: `python -m bench.forecast`."""

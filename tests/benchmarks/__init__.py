"""Benchmarks: ratios measured in one run, in turns, against a peer or the limit. Never timed tests."""

"""Benchmarks, run by `make bench`; each figure stands beside a baseline of the same run."""

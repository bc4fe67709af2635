"""Benchmarks, run by `make bench`; each number is shown with a baseline of the same run."""

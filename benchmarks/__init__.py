"""Measurements, run by hand: `python -m benchmarks.throughput`, `python -m benchmarks.durability`."""

"""Parts of `python -m benchmarks.fusion_zoo`."""

"""Measurements; each script writes its own table."""

"""Encoders of several values in a row."""

CASES = []

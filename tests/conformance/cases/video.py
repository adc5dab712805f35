"""Encoders of clips."""

CASES = []

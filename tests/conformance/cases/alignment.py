"""Layers that bring modalities to a common space."""

CASES = []

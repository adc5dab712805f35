"""Layers of convolutional networks."""

CASES = []

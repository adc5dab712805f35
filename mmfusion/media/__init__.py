"""Clips and sound tracks, decoded by FFmpeg in processes of their own.

Apart from the package's own errors nothing here needs the rest of it, nor
TensorFlow, so that such a process starts in a third of a second.
"""

"""A recipe: YAML in, a trained run out."""

from mmfusion.recipe.load import load
from mmfusion.recipe.recipe import Recipe, held_rows

__all__ = ["Recipe", "held_rows", "load"]

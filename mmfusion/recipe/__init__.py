"""A recipe: YAML in, a trained run out."""

from mmfusion.recipe.held import held_rows
from mmfusion.recipe.load import load
from mmfusion.recipe.recipe import Recipe

__all__ = ["Recipe", "held_rows", "load"]

"""A small shop on disk: a table of products, and their pictures."""

import csv

import numpy as np
from PIL import Image

CATEGORIES = ("bag", "hat", "shoe")
_PRODUCTS = 8  # Of each category, with three pictures each.


def write_products(folder):
    """Writes `products.csv`, `new.csv`, `shoe.jpg` and the pictures.

    Every sixth title of `products.csv` is empty. `new.csv` has no categories,
    and its third row names a picture that is cut off.

    Args:
        folder: path of an existing folder.

    Returns:
        List of dicts, the rows of `products.csv`.
    """
    random = np.random.default_rng(0)
    rows = []
    for number in range(3 * _PRODUCTS * len(CATEGORIES)):
        product, kind = number // 3, number // 3 % len(CATEGORIES)
        category = CATEGORIES[kind]
        words = ["new", "red", "old", "plain", category]
        rows.append(
            {
                "file": _picture(folder / f"{number}.png", kind, random),
                "title": ""
                if number % 6 == 0
                else " ".join([words[random.integers(4)], category]),
                "price": f"{10 * kind + 20 * random.random():.2f}",
                "brand": ("acme", "zig", "007")[random.integers(3)],
                "product": f"p{product}",
                "category": category,
            }
        )
    _write(folder / "products.csv", rows)
    asked = ("file", "title", "price", "brand")
    new = [{name: row[name] for name in asked} for row in rows[:4]]
    new[1] |= {"title": "", "brand": "a new one"}
    new[2] |= {"file": "broken.png"}
    whole = (folder / "2.png").read_bytes()
    (folder / "broken.png").write_bytes(whole[: len(whole) // 2])
    _write(folder / "new.csv", new)
    _picture(folder / "shoe.jpg", 2, random)
    return rows


def _picture(path, kind, random):
    pixels = random.integers(0, 120, (20, 24, 3), "uint8")
    pixels[..., kind] += 120  # The colour tells the category.
    Image.fromarray(pixels).save(path)
    return path.name


def _write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)

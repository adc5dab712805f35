"""Tiny look-alikes of the folders that data sets are read from."""

import csv
import gzip
import wave

import numpy as np
import PIL.Image

WORDS = {
    "command": ("bin", "lay"),
    "color": ("blue", "red"),
    "preposition": ("at", "by"),
    "letter": ("a", "b"),
    "digit": ("one", "two"),
    "adverb": ("now", "soon"),
}


def write_csv(path, rows):
    """Dicts of column to cell as a CSV file, packed where it ends in .gz."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def reviews(folder, rows=60, change=None):
    """`reviews.csv.gz`: every fifth row is test, some cells are empty."""
    made = [
        {
            "split": "test" if row % 5 == 0 else "train",
            "Clothing ID": str(700 + row % 3),
            "Age": str(20 + row),
            "Title": "" if row % 4 == 0 else f"nice {row % 3}",
            "Review Text": "" if row % 8 == 0 else "not so good, said I",
            "Rating": str(1 + row // 5 % 5),
            "Recommended IND": str(row % 2),
            "Positive Feedback Count": str(row % 4),
            "Division Name": "" if row == 7 else "General",
            "Department Name": "Tops",
            "Class Name": "Knits",
        }
        for row in range(rows)
    ]
    if change:
        change(made)
    write_csv(folder / "reviews.csv.gz", made)
    return made


def _image(folder, name, grey):
    (folder / "images").mkdir(exist_ok=True)
    PIL.Image.new("L", (6, 5), grey).save(folder / "images" / name)
    return f"images/{name}"


def questions(folder, images=10):
    """`vqa_rad.csv` and images: four questions each, one of them test."""
    rows = []
    for number in range(images):
        image = _image(folder, f"synpic{number}.jpg", 20 * number)
        for at, (answer, kind) in enumerate(
            [("Yes", "CLOSED"), ("no ", "CLOSED"), ("CT", "CLOSED")]
            + [("left  Lung" if number % 2 else "axial", "OPEN")]
        ):
            rows.append(
                {
                    "qid": str(len(rows)),
                    "split": "test" if (number + at) % 4 == 0 else "train",
                    "image": image,
                    "organ": "CHEST",
                    "question": f"is there {number} of {at}?",
                    "question_type": "PRES",
                    "answer": answer,
                    "answer_type": kind,
                }
            )
    write_csv(folder / "vqa_rad.csv", rows)
    return rows


def photographs(folder, images=12):
    """`captions.csv` and images with two captions each, a third not free."""
    rows = []
    for number in range(images):
        image = _image(folder, f"{number:012d}.jpg", 20 * number)
        free = number % 3
        for at in range(2):
            rows.append(
                {
                    "image": image,
                    "split": "val" if number % 2 else "train",
                    "image_id": str(number),
                    "caption": f"caption {at} of {number}",
                    "license": "Attribution License"
                    if free
                    else "Attribution-NonCommercial License",
                    "license_url": f"http://example.org/{free > 0}",
                }
            )
    write_csv(folder / "captions.csv", rows)
    return rows


def clips(folder, count=20):
    """`grid_s1.csv`, `mouth_25fps.npz` and `wav/`, in another order."""
    (folder / "wav").mkdir()
    rng = np.random.default_rng(0)
    rows = []
    for number in range(count):
        said = {
            kind: choices[(number + at) % 2]
            for at, (kind, choices) in enumerate(WORDS.items())
        }
        ends = np.arange(1, 8) * 9000 + 3000
        parts = ["0:12000:sil"]
        parts += [
            f"{ends[at]}:{ends[at + 1]}:{word}"
            for at, word in enumerate(said.values())
        ]
        with wave.open(str(folder / f"wav/c{number}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            sound = rng.integers(-9000, 9000, 24_000).astype("<i2")
            file.writeframes(sound.tobytes())
        rows.append(
            {
                "id": f"c{number}",
                **said,
                "align": " ".join(parts),
                "split": "test" if number % 5 == 0 else "train",
                "wav": f"wav/c{number}.wav",
            }
        )
    write_csv(folder / "grid_s1.csv", rows)
    mouths = np.zeros((count, 75, 3, 4), "uint8")
    mouths += np.arange(75, dtype="uint8")[:, None, None]  # The frame's number.
    mouths[..., 0, 0] = np.arange(count)[::-1, None]  # The clip's number.
    np.savez(
        folder / "mouth_25fps.npz",
        mouth=mouths,
        id=[row["id"] for row in rows[::-1]],
    )
    return rows

"""An inference as the text of a recipe, each reason beside what it led to."""

import os
import pathlib
import textwrap

import yaml

_HEAD = """\
# Inferred from {source}. Nothing of it is final: edit any line, then
#   mmfusion check {recipe}    says what is wrong, and what is worth knowing
#   mmfusion train {recipe}    trains each input alone, and all together
"""
# What every recipe begins with; it says what may be changed.
_REST = {
    "model": {"fusion": {"name": "concat", "units": 64}},
    "training": {"epochs": 20, "batch_size": 64, "patience": 3},
}


def draft(inference, path) -> str:
    """The text of a recipe.

    Args:
        inference: `data.Inference`, with a target.
        path: str or path of the file that it shall be in; the source is
            written relative to its folder.

    Returns:
        YAML, with comments.
    """
    path = pathlib.Path(path)
    plain = inference.recipe()
    source = plain["data"]["source"]
    plain["data"]["source"] = _relative(source, path.parent)
    parts = [_HEAD.format(source=source, recipe=path.name)]
    parts += [_comment(f"Look at this: {note}.") for note in inference.notes]
    parts.append("\n" + _dump({"data": plain["data"]}))
    roles = ("target", "split", "id")
    for column, reason in inference.reasons.items():
        if reason.startswith(roles):
            parts.append(_comment(f"{column}: {reason}", "  "))
    parts.append("\ninputs:\n")
    for name, settings in plain["inputs"].items():
        for column in _columns(settings):
            reason = inference.reasons[column]
            parts.append(_comment(f"{column}: {reason}", "  "))
        parts.append(textwrap.indent(_dump({name: settings}), "  "))
    unused = [
        _comment(f"{column}: {reason}", "  ")
        for column, reason in inference.reasons.items()
        if reason.startswith("unused")
    ]
    if unused:
        parts += ["  # Not used:\n", *unused]
    parts += [f"\n{_dump({key: part})}" for key, part in _REST.items()]
    return "".join(parts)


def _columns(settings):
    if "column" in settings:
        return [settings["column"]]
    return [*settings.get("numbers", ()), *settings.get("categories", ())]


def _relative(source, folder):
    if isinstance(source, dict) and "tfds" in source:
        folders = {k: source[k] for k in ("data_dir",) if source.get(k)}
        found = {k: _relative(path, folder) for k, path in folders.items()}
        return {**source, **found}
    if isinstance(source, dict):
        return {name: _relative(path, folder) for name, path in source.items()}
    return pathlib.Path(os.path.relpath(source, folder or ".")).as_posix()


def _comment(text, indent=""):
    return textwrap.fill(
        text,
        width=80,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
        break_on_hyphens=False,
        break_long_words=False,
    ) + "\n"  # fmt: skip


def _dump(plain):
    return yaml.safe_dump(
        plain,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=76,
    )

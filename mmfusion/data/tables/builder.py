"""Finds a prepared data set of TensorFlow Datasets, at once and offline."""

import re

from mmfusion import checks
from mmfusion.data.datasets.prepared import folder_of, get_it
from mmfusion.errors import ArgumentError, TableError

_NAME = re.compile(r"(\w+)(?:/([\w.+-]*\w))?(?::(\d+\.\d+\.\d+))?")


def builder_of(name, data_dir=None, download=False):
    """The builder of a data set, which can read it.

    Args:
        name: str, `name`, `name/config`, `name:version` or all three.
        data_dir: str or path that data sets lie in.
        download: bool. Whether to download and prepare what is not there.

    Returns:
        `tfds.core.DatasetBuilder`.

    Raises:
        ArgumentError: If there is no data set of this name.
        DataError: If it is not prepared, or damaged.
    """
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        raise ArgumentError(
            "A data set expects a name, such as 'mnist', 'glue/sst2' or "
            f"'mnist:3.0.1'. Received: {name!r}."
        )
    root = folder_of(data_dir)
    import tensorflow_datasets as tfds  # Nobody else pays for the import.

    folder = _find(root, *match.groups())
    if folder is None:
        _check_known(match[1], root, tfds)
        if not download:
            raise TableError(
                f"The data set {name!r} is not prepared in '{root}', and "
                "mmfusion downloads nothing by itself. Pass `data_dir` if it "
                f"lies elsewhere, or `download=True`, or {get_it(name, root)}"
            )
        _prepare(name, root, tfds)
        folder = _find(root, *match.groups())
    try:
        return tfds.builder_from_directory(folder)
    except Exception as error:
        # Damaged JSON, unknown features, an older protocol buffer...
        raise TableError(
            f"{folder}: the description of the data set cannot be read: "
            f"{_line(error)}; prepare it again"
        ) from error


def _find(root, base, config, version):
    """The folder of the newest version that fits; None if there is none."""
    start = root / base / (config or "")
    found = _versions(start)
    if not found and config is None:
        configs = [p for p in sorted(start.glob("*")) if _versions(p)]
        if len(configs) > 1:
            names = [f"{base}/{path.name}" for path in configs]
            raise ArgumentError(
                f"The data set {base!r} has several configurations. Name one "
                f"of: {', '.join(names)}."
            )
        found = _versions(configs[0]) if configs else []
    if version is not None:
        found = [path for path in found if path.name == version]
    return max(found, key=_version, default=None)


def _versions(folder):
    files = folder.glob("*.*.*/dataset_info.json")
    return [path.parent for path in files]


def _version(path):
    parts = path.name.split(".")
    return [int(part) if part.isdecimal() else -1 for part in parts]


def _check_known(base, root, tfds):
    """The message of TensorFlow Datasets lists hundreds of names."""
    known = tfds.list_builders(with_community_datasets=False)
    files = [*root.glob("*/*/dataset_info.json")]
    files += root.glob("*/*/*/dataset_info.json")
    here = sorted({path.relative_to(root).parts[0] for path in files})
    if base in known or base in here:
        return
    near = checks.nearest(base, [*here, *known])
    hint = f" Did you mean {near!r}?" if near else ""
    listed = ", ".join(here) or "nothing"
    raise ArgumentError(
        f"Unknown data set {base!r}.{hint} In '{root}' there is: {listed}."
    )


def _prepare(name, root, tfds):
    try:
        tfds.builder(name, data_dir=str(root)).download_and_prepare()
    except Exception as error:
        # No network, a changed site, a full disk, what a builder needs...
        raise TableError(
            f"The data set {name!r} cannot be downloaded and prepared: "
            f"{_line(error)}"
        ) from error


def _line(error):
    text = str(error).strip() or type(error).__name__
    return text.partition("\n")[0][:200]

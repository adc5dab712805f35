"""Packages that are not in the core: the one place that explains a lack."""

import importlib

from mmfusion.errors import MissingExtraError


def require(package: str, extra: str):
    """Imports an optional package, or says which extra brings it.

    Args:
        package: str. The name to import, for example `"av"`.
        extra: str. The extra of mmfusion that installs it, such as `"video"`.

    Returns:
        The imported module.

    Raises:
        MissingExtraError: If the package is not installed.

    Example:

    >>> require("json", extra="tables").__name__
    'json'
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        # A package that is there but broken must not look as if it were not.
        if error.name != package.partition(".")[0]:
            raise
        raise MissingExtraError(
            f"`{package}` is not installed. "
            f"Install it with: pip install 'mmfusion[{extra}]'"
        ) from error

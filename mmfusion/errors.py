"""The errors that users see; all of them are `MmfusionError`."""


class MmfusionError(Exception):
    """Base class of every error that mmfusion raises on purpose."""


class ArgumentError(MmfusionError, ValueError):
    """An argument, a shape or a name is not what was expected."""


class DataError(MmfusionError, ValueError):
    """Rows of data, or the table itself, cannot be used as they are.

    `problems` holds one line for each fault, `file:row:column: what; how to
    fix`, all of them found before anything is raised.
    """

    def __init__(self, message, problems=()):
        super().__init__(message)
        self.problems = list(problems)


class TableError(DataError):
    """The table itself cannot be used: its file, its header, its columns."""


class ExportError(MmfusionError):
    """A model cannot be exported, or what was exported answers differently."""


class MissingExtraError(MmfusionError, ImportError):
    """An optional package is not installed; the message says how to."""

"""Tables of a user's rows, in every format they may come in."""

from mmfusion.data.tables import (
    class_folder,
    delimited,
    json_lines,
    metadata_folder,
    parquet,
)
from mmfusion.data.tables.fingerprint import fingerprint
from mmfusion.data.tables.frame import table_of_frame
from mmfusion.data.tables.joined import joined
from mmfusion.data.tables.read import read_table
from mmfusion.data.tables.table import SPLIT, Table, table_of
from mmfusion.data.tables.tfds import table_of_tfds

__all__ = [
    "SPLIT",
    "Table",
    "class_folder",
    "delimited",
    "fingerprint",
    "joined",
    "json_lines",
    "metadata_folder",
    "parquet",
    "read_table",
    "table_of",
    "table_of_frame",
    "table_of_tfds",
]

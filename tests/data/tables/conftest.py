"""Files for the tests of tables, and what is said of them."""

import gzip

import pytest

from mmfusion.data.tables import read_table
from mmfusion.errors import DataError


@pytest.fixture
def write(tmp_path):
    """Writes a file below a temporary folder; `.gz` is compressed."""

    def write(name, content=b""):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        if name.endswith(".gz"):
            content = gzip.compress(content)
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def fault():
    """The lines of the error that reading a table gives."""

    def fault(source, read=read_table):
        with pytest.raises(DataError) as caught:
            read(source)
        assert all("\n" not in line for line in caught.value.problems)
        return "\n".join(caught.value.problems)

    return fault


@pytest.fixture(scope="session")
def pets(tmp_path_factory):
    """The folder that `tiny_pets` is prepared in; not to be changed."""
    # Not at the top: only these tests take the time to import it.
    from tests.data.tables import tiny_pets

    folder = tmp_path_factory.mktemp("tfds")
    tiny_pets.prepare(folder)
    return folder

"""One folder with a SavedModel of each kind, made once."""

import pytest

from mmfusion.trust import context
from tests.pretrained import modules


@pytest.fixture(scope="session")
def hub_folder(tmp_path_factory):
    """The folder that the tests trust."""
    folder = tmp_path_factory.mktemp("modules")
    for make in (
        modules.bert,
        modules.dense,
        modules.image,
        modules.preprocessor,
        modules.words,
    ):
        make(folder / make.__name__)
    return folder


@pytest.fixture
def nothing_accepted():
    """Call it to forget the SavedModels that this process runs already."""
    before = dict(context.ACCEPTED)
    yield context.ACCEPTED.clear
    context.ACCEPTED.update(before)

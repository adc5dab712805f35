"""Which SavedModel a file may open, and where it is found."""

import shutil
import urllib.error

import pytest

from mmfusion import trust
from mmfusion.errors import ArgumentError
from mmfusion.trust import context


@pytest.fixture(autouse=True)
def nothing_accepted():
    before = dict(context.ACCEPTED)
    context.ACCEPTED.clear()
    yield
    context.ACCEPTED.clear()
    context.ACCEPTED.update(before)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "modules" / "encoder"
    folder.mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    return folder


def find(digest, trusted, handle="encoder"):
    with trust.trusting(trusted):
        return trust.find("Layer", handle, digest)


def test_it_is_found_where_it_is_trusted(folder, tmp_path):
    digest = trust.checksum(folder)
    for trusted in (folder, folder.parent, str(tmp_path), [tmp_path]):
        assert find(digest, trusted) == folder
        context.ACCEPTED.clear()


def test_it_is_found_when_moved_and_renamed(folder, tmp_path):
    digest = trust.checksum(folder)
    other = shutil.copytree(folder, tmp_path / "modules" / "a" / "another")
    (folder / "saved_model.pb").write_bytes(b"changed")
    assert find(digest, tmp_path / "modules") == other


def test_nothing_trusted_finds_nothing(folder, tmp_path):
    digest = trust.checksum(folder)
    (tmp_path / "elsewhere").mkdir()
    for trusted in ((), [digest], "https://example.org/other"):
        with pytest.raises(ArgumentError, match="not trusted|finds no Saved"):
            find(digest, trusted)
    with pytest.raises(ArgumentError, match="finds no SavedModel 'encoder'"):
        find(digest, tmp_path / "elsewhere")
    with pytest.raises(ArgumentError, match="which is not trusted"):
        trust.find("Layer", "encoder", digest)
    with pytest.raises(ArgumentError, match="'nowhere', which is not there"):
        find(digest, "nowhere")


def test_a_changed_one_is_refused(folder):
    digest = trust.checksum(folder)
    (folder / "saved_model.pb").write_bytes(b"other")
    with pytest.raises(ArgumentError, match="It has changed since"):
        find(digest, folder)


@pytest.mark.parametrize(
    "handle", ["../modules/encoder", "/etc", "..", "", "a\0b", "c:\\d", 3]
)
def test_a_file_names_no_path(folder, handle):
    digest = trust.checksum(folder)
    with pytest.raises(ArgumentError, match="expects the name of a folder"):
        find(digest, folder.parent, handle)
    with pytest.raises(ArgumentError, match="a SHA-256 of 64"):
        find(digest[:-1], folder.parent)


def test_a_link_does_not_lead_out_of_a_trusted_folder(folder, tmp_path):
    digest = trust.checksum(folder)
    (tmp_path / "trusted").mkdir()
    (tmp_path / "trusted" / "encoder").symlink_to(folder)
    with pytest.raises(ArgumentError, match="finds no SavedModel"):
        find(digest, tmp_path / "trusted")
    with pytest.raises(ArgumentError, match="a link. Pass the folder"):
        trust.given("Layer", tmp_path / "trusted" / "encoder")


def test_what_is_given_must_be_trusted_while_a_file_is_loaded(folder, tmp_path):
    assert trust.given("Layer", str(folder)) == folder
    (tmp_path / "modules2").mkdir()
    for trusted in ((), tmp_path / "modules2"):
        with trust.trusting(trusted):
            for path in (folder, tmp_path / "modules2" / ".." / folder):
                with pytest.raises(ArgumentError, match="not trusted"):
                    trust.given("Layer", path)
    with trust.trusting(tmp_path):
        assert trust.given("Layer", folder) == folder
    with pytest.raises(ArgumentError, match="there is no `saved_model.pb`"):
        trust.given("Layer", tmp_path)


def test_what_runs_already_is_found_without_trust(folder):
    digest = trust.checksum(folder)
    trust.accept(digest, folder)
    assert trust.find("Layer", "encoder", digest) == folder
    with pytest.raises(ArgumentError, match="not trusted"):
        trust.find("Layer", "encoder", "0" * 64)


def test_urls_are_https_and_trusted_by_what_they_begin_with(
    folder, monkeypatch
):
    hub = pytest.importorskip("tensorflow_hub")
    monkeypatch.setattr(hub, "resolve", lambda url: str(folder))
    url, digest = "https://example.org/models/encoder/1", trust.checksum(folder)
    assert trust.given("Layer", url) == folder
    for trusted in (url, "https://example.org/models/"):
        assert find(digest, trusted, url) == folder
        context.ACCEPTED.clear()
    for other in ("https://example.org/model", "https://example.or"):
        with pytest.raises(ArgumentError, match="finds no SavedModel"):
            find(digest, other, url)
    with pytest.raises(ArgumentError, match="It has changed"):
        find("0" * 64, url, url)
    with pytest.raises(ArgumentError, match="a folder or an https URL"):
        trust.given("Layer", "http://example.org/models/encoder/1")


def test_without_a_network_there_is_one_line(monkeypatch):
    hub = pytest.importorskip("tensorflow_hub")

    def offline(url):
        raise urllib.error.URLError("[Errno -2] Name or service not known")

    monkeypatch.setattr(hub, "resolve", offline)
    with pytest.raises(ArgumentError, match="Download the module") as caught:
        trust.given("Layer", "https://example.org/encoder/1")
    assert "\n" not in str(caught.value)

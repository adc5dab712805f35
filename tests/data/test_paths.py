"""Paths that a table names."""

import pytest

from mmfusion.data.modality import BadValue
from mmfusion.data.paths import resolve


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "data"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (root / "link").symlink_to(tmp_path / "secret.txt")
    (root / "circle").symlink_to(root / "circle")
    return root


def test_a_path_starts_from_the_table(root):
    assert resolve("a/b.jpg", root) == root / "a/b.jpg"
    assert resolve("a/../b.jpg", root) == root / "a/../b.jpg"
    assert resolve(str(root / "b.jpg"), root) == root / "b.jpg"


def test_a_path_that_leaves_is_refused_unless_allowed(root):
    for cell in ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "link"]:
        with pytest.raises(BadValue, match="allow_outside_root"):
            resolve(cell, root)
        assert resolve(cell, root, allow_outside_root=True) == root / cell


def test_a_url_is_refused_always(root):
    for allow in (False, True):
        with pytest.raises(BadValue, match="URL; download"):
            resolve("https://a.b/c.jpg", root, allow)


def test_what_is_no_path_is_a_bad_value(root):
    for cell in ("a\0b", "circle"):
        with pytest.raises(BadValue, match="is no path"):
            resolve(cell, root)

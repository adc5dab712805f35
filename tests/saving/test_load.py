"""Loading: only model files, only known classes."""

import json
import stat
import zipfile

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError


def _model():
    return mm.models.fusion_model(
        {"v": mm.encoders.vector_mlp(2, units=2)},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )


@pytest.fixture
def path(tmp_path):
    _model().save(tmp_path / "m.keras")
    return tmp_path / "m.keras"


def _rewrite(path, change):
    """The same archive with changed or further members."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_good_file_loads(path):
    x = {"v": np.ones((1, 2), "float32")}
    assert mm.load_model(path).predict(x, verbose=0)["label"].shape == (1, 2)


def test_absent_cut_and_foreign_files_are_three_errors(path, tmp_path):
    with pytest.raises(ArgumentError, match="not found"):
        mm.load_model(tmp_path / "nowhere.keras")
    (tmp_path / "text.keras").write_text("<html>")
    with pytest.raises(ArgumentError, match="no zip archive"):
        mm.load_model(tmp_path / "text.keras")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ArgumentError, match="no zip archive"):
        mm.load_model(path)
    with pytest.raises(ArgumentError, match="is a folder"):
        mm.load_model(tmp_path)
    (tmp_path / "m.h5").write_bytes(content)
    with pytest.raises(ArgumentError, match=r"expects a `.keras` file"):
        mm.load_model(tmp_path / "m.h5")


def test_a_flipped_byte_is_noticed(path):
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("model.weights.h5")
    content[info.header_offset + 500] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ArgumentError, match="broken"):
        mm.load_model(path)


@pytest.mark.parametrize(
    "name", ["../evil.py", "evil.py", "assets/../../evil", "/etc/passwd"]
)
def test_members_that_are_no_part_of_a_model_are_refused(path, name):
    _rewrite(path, lambda members: members.update({name: b"x"}))
    with pytest.raises(ArgumentError, match="no part of a model file"):
        mm.load_model(path)


def test_a_link_is_refused(path):
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("assets/link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(ArgumentError, match="no part of a model file"):
        mm.load_model(path)


def test_a_bomb_is_refused_before_it_is_unpacked(path):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assets/zeros", bytes(64 << 20))
    with pytest.raises(ArgumentError, match="would unpack"):
        mm.load_model(path)


def _with_class(path, class_name, module, registered=None):
    def change(members):
        config = json.loads(members["config.json"])
        config["config"]["layers"].append(
            {
                "class_name": class_name,
                "module": module,
                "registered_name": registered,
                "config": {},
            }
        )
        members["config.json"] = json.dumps(config).encode()

    _rewrite(path, change)


@pytest.mark.parametrize(
    ("class_name", "module", "message"),
    [
        ("Lambda", "keras.layers", "`Lambda` layer, which is refused"),
        ("TFSMLayer", "keras.layers", "`TFSMLayer` layer, which is refused"),
        ("Popen", "subprocess", "class `Popen` of `subprocess`"),
        ("Mine", "my.layers", "Import the code that registers it"),
    ],
)
def test_foreign_classes_are_refused_by_name(path, class_name, module, message):
    _with_class(path, class_name, module)
    with pytest.raises(ArgumentError, match=message):
        mm.load_model(path)


def test_a_registered_class_of_the_user_loads(tmp_path):
    @keras.saving.register_keras_serializable("tests")
    class Doubled(keras.layers.Layer):
        def call(self, x):
            return 2.0 * x

    inputs = keras.Input((2,), name="v")
    encoder = keras.Model(inputs, Doubled()(inputs), name="own")
    model = mm.models.fusion_model(
        {"v": encoder}, mm.fusion.ConcatFusion(2), mm.tasks.Classification(2)
    )
    model.save(tmp_path / "m.keras")
    assert mm.load_model(tmp_path / "m.keras").name == "fusion_model"

"""SavedModels that lie inside a `.keras` file."""

import pathlib
import shutil
import tempfile
import zipfile

from mmfusion import trust

_GRAPH = "/saved_model/saved_model.pb"
_unpacked = []  # Folders that live as long as the process.


def accept_bundles(path, trusted):
    """Unpacks the SavedModels in a file, as far as they are trusted.

    Trusted is what lies in a trusted file, in a file in a trusted folder, or
    has a SHA-256 that is named.

    Args:
        path: path of a `.keras` file whose members have been checked.
        trusted: `mmfusion.trust.Trusted`.
    """
    whole = trusted.holds(path)
    if not whole and not trusted.digests:
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
        for graph in members:
            if not (graph.startswith("assets/") and graph.endswith(_GRAPH)):
                continue
            root = graph.removesuffix("saved_model.pb")
            place = tempfile.TemporaryDirectory(prefix="mmfusion-")
            folder = pathlib.Path(place.name) / "saved_model"
            _unpack(archive, members, root, folder)
            digest = trust.checksum(folder)
            if whole or digest in trusted.digests:
                trust.accept(digest, folder)
                _unpacked.append(place)
            else:
                place.cleanup()


def _unpack(archive, members, root, folder):
    for member in members:
        if not member.startswith(root) or member.endswith("/"):
            continue
        target = folder / member.removeprefix(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, open(target, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)

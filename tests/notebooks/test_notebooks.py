"""Every notebook runs, says nothing it should not, and is kept with results."""

import os
import pathlib
import re

import nbclient
import nbformat
import pytest

FOLDER = pathlib.Path(__file__).parents[2] / "notebooks"
SECONDS = 600  # After these a cell is taken to hang.
_UNWANTED = re.compile(
    r"Traceback|Error\b|\bWARNING\b|Warning\b|^[EWI]\d{4} |/home/|/root/|/tmp/",
    re.M,
)

every_notebook = pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem
)


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _said(notebook):
    """Whatever its cells put out, as one text without pictures."""
    parts = []
    for cell in _code(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            parts += [output.get("text", ""), data.get("text/plain", "")]
            parts += output.get("traceback", [])
    return "\n".join(parts)


def test_there_are_notebooks():
    assert list(FOLDER.glob("*.ipynb"))


@every_notebook
def test_it_is_kept_with_its_results_and_no_more(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert path.stat().st_size < 400_000
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert not any(cell.metadata for cell in notebook.cells)
    numbers = [cell.execution_count for cell in _code(notebook)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert any(cell.outputs for cell in _code(notebook))
    assert not _UNWANTED.findall(_said(notebook))


@every_notebook
@pytest.mark.slow
def test_it_runs_from_top_to_bottom_and_quietly(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    # With this variable a kernel does not show what native code logs.
    user = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    client.execute(env=user)
    assert not _UNWANTED.findall(_said(notebook))
    assert list(tmp_path.iterdir()) == []  # It leaves nothing lying about.

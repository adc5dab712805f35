"""Interrupted and terminated: the exit codes shells know."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

import mmfusion


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_an_interrupted_training_leaves_nothing(number, code, tmp_path):
    root = pathlib.Path(mmfusion.__file__).parents[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from mmfusion.cli import main; main()",
            "demo",
            "--set",
            "training.epochs=500",
            "--set",
            "training.patience=500",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell runs in the background ignores interrupts, and what it
        # starts inherits that.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    try:
        for line in process.stdout:
            if line.startswith("Epoch 2/"):
                break
        time.sleep(0.5)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()  # It would go on for 500 epochs.
    assert process.returncode == code
    assert "Traceback" not in err
    assert list(tmp_path.rglob("*")) == [tmp_path / "runs"]

"""The processes that decode: one that hangs, ends or breaks down."""

import os
import signal
import sys

import numpy as np
import pytest

from mmfusion.data import BadValue, Video
from mmfusion.errors import MissingExtraError
from mmfusion.media import process
from tests.media.clips import steady

# Its tests share the processes that decode.
pytestmark = pytest.mark.xdist_group("video")


def refused(message, reason="cannot be decoded", **arguments):
    with pytest.raises(BadValue, match=message) as caught:
        Video(size=(8, 8), frames=4, **arguments).read(steady())
    assert caught.value.reason == reason


def test_fault_41_a_decoder_that_hangs_is_ended():
    video = Video(size=(8, 8), frames=2, timeout=1)
    expected = video.read(steady())
    (waiting, *_) = process._IDLE[::-1]
    os.kill(waiting.pid, signal.SIGSTOP)  # It will not answer.
    refused(
        "is not decoded after `timeout=1` seconds; cut it",
        "takes too long",
        timeout=1,
    )
    assert waiting.returncode == -signal.SIGKILL
    np.testing.assert_array_equal(video.read(steady()), expected)


def test_a_process_that_has_ended_is_replaced():
    video = Video(size=(8, 8), frames=2)
    expected = video.read(steady())
    os.kill(process._IDLE[-1].pid, signal.SIGKILL)
    np.testing.assert_array_equal(video.read(steady()), expected)


def test_a_decoder_that_breaks_down_costs_its_file_only(monkeypatch):
    start = process._start

    def dying():
        begun = start()
        begun.kill()
        begun.wait()
        return begun

    process._end_all()
    with monkeypatch.context() as patch:
        patch.setattr(process, "_start", dying)
        refused(r"makes the decoder break down \(exit code -9\)")
    assert len(Video(size=(8, 8), frames=2).read(steady())) == 2


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"mmfusion\[video\]"):
        Video().read(steady())

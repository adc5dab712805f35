"""Asks a process that decodes, and ends it if it takes too long."""

import atexit
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import threading

import numpy as np

import mmfusion
from mmfusion.media.refusal import Refusal

# Seconds until a new process is ready, even on a busy machine.
_START = 120
_IDLE = []  # Processes that wait; each is asked by one thread at a time.


class _Gone(Exception):
    """The process has ended without an answer."""


def decode(kind, path=None, data=None, timeout=60, **arguments):
    """Decodes a file in another process, which cannot take this one along.

    A call of FFmpeg that does not return cannot be ended from within; a
    process can. So a file on which it hangs, or breaks down, costs its row and
    no more. Processes are kept for the next files, and end by themselves when
    none come. What cannot be ended is a read that the operating system itself
    never finishes (a network drive that is gone).

    Args:
        kind: `"clip"` or `"track"`; see `read_clip` and `read_track`.
        path: str or path of the file.
        data: its bytes, where there is no path.
        timeout: number. Seconds.
        **arguments: of `read_clip` or `read_track`.

    Returns:
        Dict of what came with the array, such as `rate`, and the array.

    Raises:
        Refusal: If the file cannot be used; `what` is empty where it is not
            what was expected, or damaged.
    """
    request = {"kind": kind, "path": None, **arguments}
    if path is not None:
        request["path"], data = os.path.abspath(path), b""
    request["bytes"] = len(data)
    head = json.dumps(request).encode() + b"\n"
    process, kept = _take()
    try:
        try:
            answer, array = _asked(process, head, data, timeout)
        except _Gone:
            _end(process)
            if not kept:
                raise
            # It may have ended by itself, before it read anything.
            process = _start()
            answer, array = _asked(process, head, data, timeout)
    except _Gone:
        _end(process)
        raise Refusal(
            f"makes the decoder break down (exit code {process.returncode})",
            "replace the file",
        ) from None
    except BaseException:
        _end(process)
        raise
    _IDLE.append(process)
    if "refused" in answer:
        raise Refusal(**answer["refused"])
    return answer, array


def _take():
    """A process, and whether it was one that waited."""
    while _IDLE:
        try:
            process = _IDLE.pop()
        except IndexError:  # Another thread was quicker.
            break
        if process.poll() is None:
            return process, True
        _end(process)
    return _start(), False


def _start():
    package = pathlib.Path(mmfusion.__file__).parents[1]
    paths = [str(package), *(path for path in sys.path if path)]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "mmfusion.media.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
    )
    try:
        with _alarm(process, _START):
            if not process.stdout.readline():
                raise RuntimeError("The process that decodes does not start.")
    except BaseException:
        _end(process)
        raise
    return process


class _alarm:
    """Ends a process after some seconds, unless the block ends before."""

    def __init__(self, process, seconds):
        self.rang = False
        self._process = process
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def _ring(self):
        self.rang = True
        self._process.kill()

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *_):
        self._timer.cancel()


def _asked(process, head, data, timeout):
    with _alarm(process, timeout) as alarm:
        try:
            process.stdin.write(head)
            process.stdin.write(data)
            process.stdin.flush()
            line = process.stdout.readline()
            if not line.endswith(b"\n"):
                raise _Gone
            answer = json.loads(line)
            body = process.stdout.read(answer.get("bytes", 0))
            if len(body) < answer.pop("bytes", 0):
                raise _Gone
        except (OSError, _Gone):
            if alarm.rang:
                raise Refusal(
                    f"is not decoded after `timeout={timeout}` seconds",
                    "cut it, or raise `timeout`",
                    "takes too long",
                ) from None
            raise _Gone from None
    if "shape" not in answer:
        return answer, None
    array = np.frombuffer(bytearray(body), answer.pop("dtype"))
    return answer, array.reshape(answer.pop("shape"))


def _end(process):
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # What was not sent cannot be.
            stream.close()
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)  # One that the system holds ends when it can.


def _end_all():
    while _IDLE:
        _end(_IDLE.pop())


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):  # Not two processes with one pipe.
    os.register_at_fork(after_in_child=_IDLE.clear)

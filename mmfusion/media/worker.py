"""The process that decodes: one request after the other, until no more come.

A request is a line of JSON, then as many bytes as it says; so is an answer.
"""

import contextlib
import io
import json
import os
import sys
import threading

from mmfusion.media.clip import read_clip
from mmfusion.media.refusal import Refusal
from mmfusion.media.track import read_track

# Seconds without a request after which the process ends.
IDLE = 20


def main():
    """Answers the requests of standard input on standard output."""
    import av

    av.logging.set_level(av.logging.PANIC)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _write(answers, {"ready": True})
    while True:
        alarm = threading.Timer(IDLE, os._exit, [0])
        alarm.daemon = True
        alarm.start()
        line = requests.readline()
        alarm.cancel()
        if not line:
            return
        request = json.loads(line)
        data = requests.read(request.pop("bytes"))
        _write(answers, *_answer(request, data))


def _answer(request, data):
    """The answer, and its array."""
    kind, path = request.pop("kind"), request.pop("path")
    try:
        with _file(path, data) as file:
            if kind == "track":
                array, rate = read_track(file, **request)
                return {"rate": rate}, array
            return {}, read_clip(file, **request)
    except Refusal as refusal:
        return {"refused": refusal.to_dict()}, None
    except Exception as error:
        # Decoders of hostile bytes raise anything; all of it is one fault.
        refusal = Refusal(
            f"makes the decoder fail: {type(error).__name__}: {error}",
            "replace the file",
        )
        return {"refused": refusal.to_dict()}, None


def _file(path, data):
    if path is None:
        return contextlib.closing(io.BytesIO(data))
    return open(path, "rb")


def _write(stream, answer, array=None):
    if array is not None:
        answer |= {"shape": array.shape, "dtype": array.dtype.str}
        answer["bytes"] = array.nbytes
    stream.write(json.dumps(answer).encode() + b"\n")
    if array is not None:
        stream.write(array.tobytes())
    stream.flush()


if __name__ == "__main__":
    main()

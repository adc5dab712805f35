"""TensorFlow's start-up without its log lines."""

import contextlib
import os
import tempfile


def start_tensorflow():
    """Imports TensorFlow; what it writes meanwhile shows only if it fails.

    Its first lines go to file descriptor 2 before any log level is read, so
    that only a redirect silences them. A command may do that; a library not.
    """
    with _held_back():
        import tensorflow as tf

        tf.config.list_physical_devices("GPU")  # CUDA is looked for here.
        tf.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def _held_back():
    saved = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(saved, 2)
            sink.seek(0)
            os.write(2, sink.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)

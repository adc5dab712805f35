"""TensorFlow without its log lines, and progress where someone looks."""

import contextlib
import os
import sys
import tempfile


def start_tensorflow():
    """Imports TensorFlow; what it writes meanwhile shows only if it fails.

    Its first lines go to file descriptor 2 before any log level is read, so
    that only a redirect silences them; later ones heed the level. A command
    may do that; a library not.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with held_back():
        import tensorflow as tf

        tf.config.list_physical_devices("GPU")  # CUDA is looked for here.
        tf.get_logger().setLevel("ERROR")


def progress(as_json):
    """How much Keras prints: a bar, a line an epoch where none looks, none.

    Args:
        as_json: bool. Whether standard output is for a program.

    Returns:
        The `verbose` of `fit`.
    """
    if as_json:
        return 0
    return 1 if sys.stdout.isatty() else 2


@contextlib.contextmanager
def held_back():
    """Holds back what native code writes to standard error.

    It is shown after all if an exception ends the block.
    """
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

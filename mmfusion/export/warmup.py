"""Requests that a server replays before it answers the first real one.

TensorFlow Serving reads them from `assets.extra/tf_serving_warmup_requests`: a
TFRecord file of `tensorflow.serving.PredictionLog` messages. The messages that
matter hold nothing but nested messages and text, so a few lines write them and
the package `tensorflow-serving-api` is not needed.
"""

import tensorflow as tf


def prediction_log(model_name, signature_name, request):
    """One request as the bytes of a `PredictionLog` message.

    Args:
        model_name: str. What the server calls the model.
        signature_name: str. The signature that answers it.
        request: dict of input name to array or tensor.
    """
    # The numbers are those of TensorFlow Serving's model.proto, predict.proto
    # and prediction_log.proto.
    spec = _field(1, model_name.encode()) + _field(3, signature_name.encode())
    message = _field(1, spec)
    for name, values in sorted(request.items()):
        tensor = tf.make_tensor_proto(values).SerializeToString()
        message += _field(2, _field(1, name.encode()) + _field(2, tensor))
    return _field(6, _field(1, message))


def write_warmup(path, model_name, requests):
    """Writes a warm-up file.

    Args:
        path: str or path of the file.
        model_name: str. What the server calls the model.
        requests: list of pairs: signature name, dict of arrays.
    """
    with tf.io.TFRecordWriter(str(path)) as writer:
        for name, request in requests:
            writer.write(prediction_log(model_name, name, request))


def _field(number, payload):
    """A field of bytes: its number, wire type 2, the length, the bytes."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value):
    """Seven bits a byte, the lowest first; the top bit says more follows."""
    octets = bytearray()
    while value > 0x7F:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*octets, value])

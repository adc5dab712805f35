"""Warm-up requests: written by hand, read by those who own the format."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.export import warmup


def fields(message):
    """The fields of bytes in a message, as (number, bytes), read back."""

    def varint(at):
        value = shift = 0
        while True:
            octet = message[at]
            value |= (octet & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if octet < 0x80:
                return value, at

    at, found = 0, []
    while at < len(message):
        key, at = varint(at)
        assert key & 7 == 2
        size, at = varint(at)
        found.append((key >> 3, message[at : at + size]))
        at += size
    return found


def parse(record):
    """Signature and inputs of one record."""
    [(_, predict_log)] = fields(record)
    [(_, request)] = fields(predict_log)
    (_, spec), *entries = fields(request)
    tensor_proto = type(tf.make_tensor_proto(0))
    inputs = {}
    for _, payload in entries:
        entry = dict(fields(payload))
        tensor = tensor_proto.FromString(entry[2])
        inputs[entry[1].decode()] = tf.make_ndarray(tensor)
    return dict(fields(spec))[3].decode(), inputs


def test_every_signature_is_warmed_up(folder):
    file = folder / "assets.extra" / "tf_serving_warmup_requests"
    loaded = tf.saved_model.load(folder)
    names = []
    for record in tf.data.TFRecordDataset([str(file)]).as_numpy_iterator():
        name, request = parse(record)
        answers = loaded.signatures[name](
            **{key: tf.constant(x) for key, x in request.items()}
        )
        assert answers["status"].numpy().tolist() == [b"ok"]
        names.append(name)
    assert names == ["serving_default", "serving_raw"]


def test_message_is_that_of_the_serving_package():
    log = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")
    # A tensor of 1000 numbers: lengths of more than one byte.
    request = {
        "image": np.arange(1000, dtype="float32").reshape(1, 1000),
        "text_present": np.array([True]),
        "words": np.array([b"red"], object),
    }
    record = warmup.prediction_log("shop", "serving_raw", request)
    message = log.PredictionLog.FromString(record).predict_log.request
    assert message.model_spec.name == "shop"
    assert message.model_spec.signature_name == "serving_raw"
    assert sorted(message.inputs) == sorted(request)
    for name, x in request.items():
        np.testing.assert_array_equal(tf.make_ndarray(message.inputs[name]), x)

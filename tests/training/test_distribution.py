"""Several devices, and several processes, train what one would train."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm

SECONDS = 180
# A strategy wants a process of its own, before TensorFlow is used.
_TRAIN = """
import json, pathlib, sys

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm

kind, path = sys.argv[1], pathlib.Path(sys.argv[2])
if kind == "two devices":
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
elif kind == "worker":
    strategy = tf.distribute.MultiWorkerMirroredStrategy(
        communication_options=tf.distribute.experimental.CommunicationOptions(
            implementation=(
                tf.distribute.experimental.CommunicationImplementation.RING
            )
        )
    )
else:
    strategy = tf.distribute.get_strategy()

random = np.random.default_rng(0)
label = random.integers(0, 2, 16)
values = {
    "key": np.arange(16, dtype="float32")[:, None],
    "facts": random.normal(size=(16, 3)) + label[:, None],
    "sound": list(random.normal(size=(16, 2))),
}
for row in (1, 4, 5, 9, 10):
    values["sound"][row] = None
data = mm.data.from_arrays(
    values,
    {"label": [["no", "yes"][i] for i in label]},
    modalities={
        "key": mm.data.Vector(dim=1),
        "facts": mm.data.Vector(dim=3),
        "sound": mm.data.Vector(dim=2, optional=True),
    },
    splits={"train": range(16)},
).train
drawn = []  # Row numbers, batch by batch.


def note(x, y):
    # The first value of a row is its number.
    keep = tf.numpy_function(
        lambda key: drawn.append(key[:, 0].astype(int).tolist()) or key,
        [x["key"]],
        "float32",
    )
    return {**x, "key": tf.ensure_shape(keep, x["key"].shape)}, y


def batches(**options):
    dataset = data.batches(8, **options)
    sharding = tf.data.Options()
    sharding.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return dataset.with_options(sharding)


keras.utils.set_random_seed(0)
with strategy.scope():
    model = mm.models.fusion_model(
        {
            "facts": mm.encoders.vector_mlp(3, units=4, hidden=()),
            "key": mm.encoders.vector_mlp(1, units=4, hidden=()),
            "sound": mm.encoders.vector_mlp(2, units=4, hidden=()),
        },
        mm.fusion.GatedFusion(4),
        mm.tasks.Classification(["no", "yes"]),
        optional=["sound"],
    )
    model.compile(
        keras.optimizers.Adam(0.01),
        jit_compile=False,
        **mm.tasks.compile_arguments(model),
    )
train = batches().map(note)
history = model.fit(train, epochs=2, verbose=0).history
ids = [data.ids(epoch, step) for epoch in range(2) for step in range(2)]
held = batches(shuffle=False)
outcome = {
    "loss": history["loss"],
    "accuracy": history["accuracy"],
    "evaluate": model.evaluate(held, verbose=0),
    "predict": model.predict(held, verbose=0)["label"].tolist(),
    "weights": [w.tolist() for w in model.get_weights()],
    "drawn": drawn,
    "ids": [[int(row) for row in batch] for batch in ids],
}
path.write_text(json.dumps(outcome))
"""


def start(folder, kind, name, **environment):
    """A process of its own; what it says goes to a file, so none can block."""
    log = folder / f"{name}.log"
    with log.open("w") as output:
        return subprocess.Popen(
            [
                *(sys.executable, "-W", "error", "-c", _TRAIN),
                *(kind, str(folder / f"{name}.json")),
            ],
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def outcomes(folder, processes):
    """What each process wrote; all of them are over when this returns."""
    try:
        for name, process in processes.items():
            code = process.wait(SECONDS)
            assert code == 0, (folder / f"{name}.log").read_text()[-3000:]
    finally:
        for process in processes.values():
            process.kill()  # Nothing happens to one that is over.
            process.wait()
    return [
        json.loads((folder / f"{name}.json").read_text()) for name in processes
    ]


def assert_same(outcome, expected):
    assert outcome["drawn"] == expected["drawn"]
    for name in ("loss", "accuracy", "evaluate", "predict"):
        np.testing.assert_allclose(
            outcome[name], expected[name], rtol=0, atol=1e-5, err_msg=name
        )
    pairs = zip(outcome["weights"], expected["weights"], strict=True)
    for weight, other in pairs:
        np.testing.assert_allclose(weight, other, rtol=0, atol=1e-5)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """One process, one device, the same batches."""
    folder = tmp_path_factory.mktemp("alone")
    (outcome,) = outcomes(folder, {"one": start(folder, "one device", "one")})
    # What is compared below is worth comparing: it trained, in two orders.
    assert outcome["loss"][1] < outcome["loss"][0]
    assert outcome["drawn"] == outcome["ids"]
    assert outcome["ids"][:2] != outcome["ids"][2:]
    return outcome


@pytest.mark.slow
def test_two_devices_train_as_one(alone, tmp_path):
    process = start(tmp_path, "two devices", "two")
    (outcome,) = outcomes(tmp_path, {"two": process})
    assert_same(outcome, alone)


@pytest.mark.slow
def test_two_workers_train_as_one_process(alone, tmp_path):
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    processes = {}
    for index in range(2):
        task = {"type": "worker", "index": index}
        setting = json.dumps({"cluster": {"worker": addresses}, "task": task})
        name = f"worker{index}"
        processes[name] = start(tmp_path, "worker", name, TF_CONFIG=setting)
    first, second = outcomes(tmp_path, processes)
    assert first["weights"] == second["weights"]
    assert first["loss"] == second["loss"]
    assert_same(first, alone)
    assert_same(second, alone)


@pytest.mark.parametrize("width", [2, None])
def test_under_a_strategy_epochs_begin_with_the_first(width):
    # Keras itself draws a batch before, to build the model.
    data = mm.data.from_arrays(
        {"facts": np.arange(12, dtype="float32").reshape(6, 2)},
        {"label": ["no", "yes"] * 3},
        splits={"train": range(6)},
    ).train
    drawn = []

    def note(x, y):
        facts = tf.numpy_function(
            lambda rows: drawn.append((rows[:, 0] // 2).tolist()) or rows,
            [x["facts"]],
            "float32",
        )
        return {"facts": tf.ensure_shape(facts, (None, width))}, y

    with tf.distribute.OneDeviceStrategy("CPU:0").scope():
        model = mm.models.fusion_model(
            {"facts": mm.encoders.vector_mlp(2, units=2, hidden=())},
            mm.fusion.ConcatFusion(2),
            mm.tasks.Classification(["no", "yes"]),
        )
        model.compile("sgd", **mm.tasks.compile_arguments(model))
    model.fit(data.batches(3).map(note), epochs=2, verbose=0)
    assert drawn == [
        [int(row) for row in data.ids(epoch, step)]
        for epoch in range(2)
        for step in range(2)
    ]

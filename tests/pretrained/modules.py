"""Small reusable SavedModels, in the format of TensorFlow Hub."""

import pathlib

import tensorflow as tf

WORDS = ["[PAD]", "[UNK]", "red", "wine", "old", "boat", "sea", "tree"]
LENGTH = 5


def float_spec(*shape):
    return tf.TensorSpec((None, *shape), tf.float32)


def saved(thing, folder):
    tf.saved_model.save(thing, str(folder))
    return pathlib.Path(folder)


def seeded(*shape, seed):
    return tf.random.stateless_normal(shape, (seed, 7)) * 0.5


def dense(folder, dim=4, units=3, seed=1):
    """A dense layer, a moving mean that training moves, an L2 penalty."""
    thing = tf.train.Checkpoint()
    thing.kernel = tf.Variable(seeded(dim, units, seed=seed), name="dense/w")
    thing.bias = tf.Variable(tf.zeros((units,)), name="dense/b")
    thing.mean = tf.Variable(tf.zeros((units,)), trainable=False, name="mean")
    thing.variables = [thing.mean, thing.kernel, thing.bias]
    thing.trainable_variables = [thing.kernel, thing.bias]

    @tf.function(input_signature=[])
    def penalty():
        return 0.1 * tf.reduce_sum(thing.kernel**2)

    @tf.function
    def call(inputs, training=False, factor=1.0):
        y = inputs @ thing.kernel + thing.bias
        if training:
            now = tf.reduce_mean(y, 0)
            thing.mean.assign(0.9 * thing.mean + 0.1 * now)
            y = y - now
        else:
            y = y - thing.mean
        return tf.nn.tanh(y) * factor

    for training in (True, False):
        for factor in (1.0, 2.0):
            call.get_concrete_function(
                float_spec(dim), training=training, factor=factor
            )
    thing.__call__ = call
    thing.regularization_losses = [penalty]
    return saved(thing, folder)


def image(folder, units=3):
    """Means of patches of an image in [0, 1], of any size."""
    thing = tf.train.Checkpoint()
    thing.kernel = tf.Variable(seeded(3, units, seed=5), name="w")
    thing.variables = thing.trainable_variables = [thing.kernel]

    @tf.function(input_signature=[float_spec(None, None, 3)])
    def call(inputs):
        return tf.reduce_mean(inputs, (1, 2)) @ thing.kernel

    thing.__call__ = call
    return saved(thing, folder)


def words(folder, dim=3):
    """Strings to the mean of their words' vectors, through a table."""
    thing = tf.train.Checkpoint()
    thing.table = table(folder)
    thing.vectors = tf.Variable(seeded(len(WORDS) + 1, dim, seed=3), name="v")
    thing.variables = thing.trainable_variables = [thing.vectors]

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
    def call(texts):
        ids = thing.table.lookup(tf.strings.split(texts).to_tensor("[PAD]"))
        return tf.reduce_mean(tf.gather(thing.vectors, ids), 1)

    thing.__call__ = call
    return saved(thing, folder)


def preprocessor(folder):
    """Strings to the three inputs of BERT, in one step or in two."""
    thing = tf.train.Checkpoint()
    thing.table = table(folder)
    strings = tf.TensorSpec((None,), tf.string)

    @tf.function(input_signature=[strings])
    def tokenize(texts):
        return tf.cast(thing.table.lookup(tf.strings.split(texts)), tf.int32)

    @tf.function(
        input_signature=[
            [tf.RaggedTensorSpec((None, None), tf.int32, 1)],
            tf.TensorSpec((), tf.int32),
        ]
    )
    def pack(segments, seq_length=LENGTH):
        (tokens,) = segments
        ids = tokens[:, :seq_length].to_tensor()
        ids = tf.pad(ids, [[0, 0], [0, seq_length - tf.shape(ids)[1]]])
        return {
            "input_word_ids": ids,
            "input_mask": tf.cast(ids > 0, tf.int32),
            "input_type_ids": tf.zeros_like(ids),
        }

    @tf.function(input_signature=[strings])
    def call(texts):
        packed = pack([tokenize(texts)], LENGTH)
        return {
            name: tf.ensure_shape(x, (None, LENGTH))
            for name, x in packed.items()
        }

    thing.__call__ = call
    for name, function in {"tokenize": tokenize, "pack": pack}.items():
        part = tf.train.Checkpoint()
        part.__call__ = function
        name = {"pack": "bert_pack_inputs"}.get(name, name)
        setattr(thing, name, part)
    return saved(thing, folder)


def table(folder):
    """A table that is an asset: a file of the SavedModel."""
    path = pathlib.Path(f"{folder}-words.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(WORDS))
    return tf.lookup.StaticVocabularyTable(
        tf.lookup.TextFileInitializer(
            str(path),
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        ),
        num_oov_buckets=1,
    )


def bert(folder, dim=4):
    """What a Transformer encoder of TensorFlow Hub takes and gives."""
    thing = tf.train.Checkpoint()
    thing.ids = tf.Variable(seeded(len(WORDS) + 1, dim, seed=8), name="ids")
    thing.types = tf.Variable(seeded(2, dim, seed=9), name="types")
    thing.pool = tf.Variable(seeded(dim, dim, seed=10), name="pool")
    thing.variables = [thing.ids, thing.types, thing.pool]
    thing.trainable_variables = list(thing.variables)

    @tf.function
    def call(inputs, training=False, mask=None):
        x = tf.gather(thing.ids, inputs["input_word_ids"])
        x += tf.gather(thing.types, inputs["input_type_ids"])
        x *= 0.5 if training else 1.0
        mask = tf.cast(inputs["input_mask"], tf.float32)[..., None]
        sums = tf.reduce_sum(x * mask, 1)
        pooled = sums / tf.maximum(tf.reduce_sum(mask, 1), 1.0)
        pooled = tf.nn.tanh(pooled @ thing.pool)
        return {
            "default": pooled,
            "pooled_output": pooled,
            "sequence_output": x,
            "encoder_outputs": [x, x],
        }

    names = ("input_word_ids", "input_mask", "input_type_ids")
    specs = {name: tf.TensorSpec((None, None), tf.int32) for name in names}
    for training in (True, False):
        call.get_concrete_function(specs, training=training)
    thing.__call__ = call
    return saved(thing, folder)

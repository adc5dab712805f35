"""Functions to a SavedModel, as they were traced."""

import tensorflow as tf


def traced(function, specs):
    """A function of one dict of tensors, traced once.

    Args:
        function: what is traced.
        specs: dict of input name to `tf.TensorSpec`.

    Returns:
        `tf.types.experimental.ConcreteFunction`.
    """
    function = tf.function(function, input_signature=[specs], autograph=False)
    return function.get_concrete_function()


def write(functions, layers, folder):
    """Writes a SavedModel with a signature for each function.

    `keras.export.ExportArchive` would do it, too, but traces each function
    again to save it, and the model, and every model in it, once more, for
    signatures of their own that nobody asked for.

    Args:
        functions: dict of signature name to what `traced` gave.
        layers: what holds the tables that the functions look into.
        folder: path, empty or not there yet.
    """
    module = tf.Module()
    variables = {
        id(variable): variable
        for function in functions.values()
        for variable in function.variables
    }
    module.used = list(variables.values())
    module.tables = [
        part
        for layer in layers
        for part in tf.train.TrackableView(layer).descendants()
        if isinstance(part, tf.saved_model.experimental.TrackableResource)
    ]
    tf.saved_model.save(module, str(folder), signatures=functions)

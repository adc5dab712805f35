"""Whether XLA compiles a SavedModel, found out by trying."""

from keras import tree


def compiles(module, specs, shapes, run):
    """Tries to compile the forward pass for one row.

    Args:
        module: what `tf.saved_model.load` gave.
        specs: nested specs of its inputs.
        shapes: for each flat input the shape that it was built for, or None.
        run: function of nested inputs and `training`.

    Returns:
        bool.
    """
    import tensorflow as tf

    flat = [
        _one_row(spec, shape)
        for spec, shape in zip(tree.flatten(specs), shapes, strict=True)
    ]
    # XLA knows neither; TensorFlow would say so with a page of traces.
    if any(spec.dtype == tf.string for spec in flat):
        return False
    if any("LookupTable" in op for op in _operations(module)):
        return False

    @tf.function(jit_compile=True, autograph=False)
    def forward(*tensors):
        return run(tree.pack_sequence_as(specs, tensors), False)

    try:
        forward.experimental_get_compiler_ir(*flat)(stage="hlo")
    except (ValueError, TypeError, tf.errors.OpError):
        return False
    return True


def _operations(module):
    """The kinds of operations in its graph and its functions."""
    graph = module.__call__.concrete_functions[0].graph.as_graph_def()
    bodies = (graph.node, *(f.node_def for f in graph.library.function))
    return {node.op for body in bodies for node in body}


def _one_row(spec, shape):
    """A spec of one row; where a size is open, the one that is given, or 8."""
    import tensorflow as tf

    first, *others = spec.shape.as_list()
    given = [None] * len(others) if shape is None else list(shape)[1:]
    sizes = [a or b or 8 for a, b in zip(others, given, strict=True)]
    return tf.TensorSpec((first or 1, *sizes), spec.dtype)

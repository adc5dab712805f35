"""A layer around a reusable SavedModel, such as a module of TensorFlow Hub."""

import inspect
import pathlib
import re
import shutil

import keras
from keras import tree

from mmfusion import hub, registry, trust
from mmfusion.errors import ArgumentError
from mmfusion.pretrained.compiles import compiles

BUNDLE = "saved_model"  # Its folder among the assets of a `.keras` file.
_MEMBER = re.compile(r"[\w\-.]+")  # What `load_model` lets a file hold.


@registry.serializable
class SavedModelLayer(keras.layers.Layer):
    """Runs a reusable SavedModel of TensorFlow 2, frozen or fine-tuned.

    Its variables are the layer's weights. Frozen (`trainable=False`) it runs in
    inference mode. With `trainable=True`, or after `layer.trainable = True`,
    its trainable variables learn, its `regularization_losses` are added to the
    loss, and `training` reaches it where it takes that argument (dropout,
    moving statistics).

    A `.keras` file keeps the weights, and of the graph the name and the
    SHA-256: `mm.load_model(path, trusted="folder")` finds it again below a
    folder that the user trusts, even if it was moved. Without trust the file
    is refused, by `keras.models.load_model` as well, unless the process runs
    that very graph already. With `bundle=True` the SavedModel is copied into
    the file, which then is itself what must be trusted:
    `mm.load_model(path, trusted=path)`.

    Its graph is float32 under every dtype policy; only what comes out is cast.
    Under a strategy of `tf.distribute`, make it within `strategy.scope()`.

    Args:
        handle: str or path. The folder of a SavedModel, or the https URL of a
            module, which `tensorflow_hub` downloads and keeps.
        sha256: str. What `mmfusion.trust.checksum` of its folder must give;
            None takes what is there.
        output: str. The key to return where the SavedModel answers a dict;
            None returns all it answers.
        arguments: dict of further arguments of its `__call__`, plain values.
        bundle: bool. Whether it is copied into `.keras` files. Defaults to
            False.
        trainable: bool. Defaults to False.
        **kwargs: `name`, `dtype`, as any layer takes them.

    Call arguments:
        inputs: tensor, list or dict of tensors, as the SavedModel takes them;
            floats are cast to what it expects.
        training: bool.

    Returns:
        What the SavedModel answers, floats in the compute dtype.

    Raises:
        ArgumentError: If Keras does not run on TensorFlow, or the SavedModel
            is not there, has changed, is not trusted, cannot be called or
            cannot be trained.

    Example:

    >>> import tempfile
    >>> import tensorflow as tf
    >>> twice = tf.train.Checkpoint()
    >>> twice.__call__ = tf.function(
    ...     lambda x: 2.0 * x,
    ...     input_signature=[tf.TensorSpec((None, 3))],
    ...     autograph=False,
    ... )
    >>> folder = tempfile.mkdtemp()
    >>> tf.saved_model.save(twice, folder)
    >>> SavedModelLayer(folder)(tf.ones((1, 3))).numpy()
    array([[2., 2., 2.]], dtype=float32)

    Reference:
        - [Reusable SavedModels](
          https://www.tensorflow.org/hub/reusable_saved_models), the interface
          that it takes; `hub.KerasLayer` is the same for Keras 2.
    """

    def __init__(
        self,
        handle,
        sha256=None,
        output=None,
        arguments=None,
        bundle=False,
        trainable=False,
        **kwargs,
    ):
        who = type(self).__name__
        check_backend(who)
        # Keras would cast inputs to the compute dtype, the graph is float32.
        super().__init__(trainable=trainable, autocast=False, **kwargs)
        self.output_key = output
        self.arguments = dict(arguments or {})
        self.bundle = bundle
        opened = hub.open_module(who, handle, sha256)
        self.handle, self.sha256 = opened.handle, opened.sha256
        self._folder = str(opened.folder)
        # An export finds tables and variables through this attribute.
        self._module = opened.loaded
        if output is not None and output not in self.output_keys:
            raise ArgumentError(
                f"`{who}` expects `output` to be a key of what "
                f"`{opened.folder}` answers. Received: {output!r}; there is "
                f"{self.output_keys or 'one tensor without a name'}."
            )
        self._track_variables()
        if trainable and not self._trainable_variables:
            raise ArgumentError(
                f"`{who}` expects a SavedModel with `trainable_variables` to "
                f"train. Received: `{opened.folder}`, which has none. Leave "
                "it frozen."
            )
        self.trainable = trainable  # Reaches the variables.

    def _track_variables(self):
        trained = list(getattr(self._module, "trainable_variables", ()))
        known = {id(variable) for variable in trained}
        others = [
            variable
            for variable in getattr(self._module, "variables", ())
            if id(variable) not in known
        ]
        for variable in (*trained, *others):
            if variable.dtype.name == "string":
                continue  # No weight; the graph has it.
            # A Keras variable around one of TensorFlow shares its storage.
            self._track_variable(
                keras.Variable(
                    variable,
                    shape=variable.shape,
                    dtype=variable.dtype.name,
                    trainable=id(variable) in known,
                    name=variable.name.partition(":")[0].replace("/", "_"),
                )
            )

    @property
    def input_specs(self):
        """What the SavedModel takes: a tensor spec, a dict or a list."""
        function = self._module.__call__.concrete_functions[0]
        (inputs, *_), _ = function.structured_input_signature
        return inputs

    @property
    def output_keys(self):
        """Sorted keys of the dict that it answers; empty for a tensor."""
        function = self._module.__call__.concrete_functions[0]
        outputs = function.structured_outputs
        return sorted(outputs) if isinstance(outputs, dict) else []

    @property
    def supports_jit(self):
        """Whether XLA compiles its forward pass; tried when first asked."""
        if not self._may_compile:
            return False
        if self._compiles is None:
            specs = self.input_specs
            self._compiles = compiles(
                self._module,
                specs,
                self._shapes(tree.flatten(specs)),
                self._run,
            )
        return self._compiles

    @supports_jit.setter
    def supports_jit(self, value):
        self._may_compile, self._compiles = value, None

    def _shapes(self, specs):
        """The shapes that it was built for, or None, for each input."""
        shapes = (self.get_build_config() or {}).get("input_shape")
        if isinstance(shapes, dict):
            shapes = [shapes[key] for key in sorted(shapes)]
        elif shapes is not None and len(specs) == 1:
            shapes = [shapes]
        if shapes is None or len(shapes) != len(specs):
            shapes = [None] * len(specs)
        return shapes

    def call(self, inputs, training=None):
        if self.trainable:
            for loss in getattr(self._module, "regularization_losses", ()):
                self.add_loss(loss())
        outputs = self._run(inputs, bool(training) and self.trainable)
        if self.output_key is not None:
            outputs = outputs[self.output_key]
        return tree.map_structure(self._in_compute_dtype, outputs)

    def _run(self, inputs, training):
        arguments = dict(self.arguments)
        if "training" in inspect.signature(self._module.__call__).parameters:
            arguments["training"] = training
        inputs = tree.map_structure(_as_expected, inputs, self.input_specs)
        return self._module(inputs, **arguments)

    def _in_compute_dtype(self, x):
        return keras.ops.cast(x, self.compute_dtype) if _is_float(x) else x

    def get_config(self):
        return {
            **super().get_config(),
            "handle": self.handle,
            "sha256": self.sha256,
            "output": self.output_key,
            "arguments": self.arguments,
            "bundle": self.bundle,
        }

    @classmethod
    def from_config(cls, config):
        check_backend(cls.__name__)
        handle, digest = config["handle"], config["sha256"]
        folder = trust.find(cls.__name__, handle, digest)
        layer = super().from_config({**config, "handle": str(folder)})
        layer.handle = handle
        return layer

    def save_assets(self, folder):
        if not self.bundle:
            return
        copy = pathlib.Path(folder) / BUNDLE
        shutil.copytree(self._folder, copy)
        for path in copy.rglob("*"):
            if not _MEMBER.fullmatch(path.name):
                raise ArgumentError(
                    f"`bundle=True` expects names of letters, digits, `.`, `_` "
                    f"and `-` in `{self._folder}`. Received: {path.name!r}. "
                    "Leave `bundle` out."
                )
        if trust.checksum(copy) != self.sha256:
            raise ArgumentError(
                f"`{self._folder}` has changed since it was opened, so it "
                "cannot be bundled. Restore it."
            )

    def load_assets(self, folder):
        """Nothing: `load_model` has unpacked the graph before."""


def check_backend(who):
    """Keras runs on TensorFlow, as SavedModels do."""
    if keras.backend.backend() != "tensorflow":
        raise ArgumentError(
            f"`{who}` runs a SavedModel and needs Keras on TensorFlow. "
            f"Received: the backend {keras.backend.backend()!r}. Set "
            "KERAS_BACKEND=tensorflow."
        )


def _as_expected(x, spec):
    if spec.dtype.name == "string":
        return x
    return keras.ops.cast(x, spec.dtype.name)


def _is_float(x):
    return "float" in keras.backend.standardize_dtype(x.dtype)

"""Data as a model of some of its modalities sees it."""


class NarrowSplit:
    """A split whose batches hold the inputs that a model knows, no others.

    A model refuses inputs that it does not know; here one data set serves the
    fused model and those of a single modality.
    """

    def __init__(self, split, model):
        self.split = split
        self.known = set(model.input)
        self.modalities = sorted(model.modalities)
        self.targets = split.targets
        self.classes = split.classes

    @property
    def inputs(self):
        """The modality objects that the model knows, by name."""
        whole = self.split.inputs
        return {name: whole[name] for name in self.modalities if name in whole}

    def __len__(self):
        return len(self.split)

    def ids(self, *place, **named):
        """As `Split.ids`."""
        return self.split.ids(*place, **named)

    def batches(self, size, **settings):
        """As `Split.batches`."""

        def select(inputs, *rest):
            kept = {key: x for key, x in inputs.items() if key in self.known}
            return (kept, *rest) if rest else kept

        # What is not asked for is not read; a flag may come with the rest.
        settings = {"modalities": self.modalities, **settings}
        return self.split.batches(size, **settings).map(select)


class NarrowData:
    """The training and validation split of some data, for one model."""

    def __init__(self, data, model):
        self.train = NarrowSplit(data.train, model)
        self.validation = data.validation and NarrowSplit(
            data.validation, model
        )

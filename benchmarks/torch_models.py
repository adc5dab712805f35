"""The models of `torch_pairs.py`, as mmfusion builds them, in PyTorch."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    """Convolution, batch normalisation, ReLU, max-pool (sides rounded up)."""

    def __init__(self, channels, filters, size):
        super().__init__()
        self.convolution = nn.Conv2d(
            channels, filters, size, padding=size // 2, bias=False
        )
        # PyTorch's momentum is one minus that of Keras.
        self.norm = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)

    def forward(self, x):
        x = functional.relu(self.norm(self.convolution(x)))
        return functional.max_pool2d(x, 2, ceil_mode=True)


def lenet(blocks):
    widths = [1, *(6 * 2**i for i in range(blocks))]
    layers = [
        Block(widths[i], widths[i + 1], 3 if i else 5) for i in range(blocks)
    ]
    return nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten())


class Residual(nn.Module):
    """Two convolutions and the way around them, as in `image_resnet`."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = nn.Conv2d(
            channels, filters, 3, stride, padding=1, bias=False
        )
        self.norm_first = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
        self.second = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.norm_second = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
        self.stride, self.more = stride, filters - channels

    def forward(self, x):
        y = functional.relu(self.norm_first(self.first(x)))
        y = self.norm_second(self.second(y))
        if self.stride > 1:
            x = x[:, :, :: self.stride, :: self.stride]
            x = functional.pad(x, (0, 0, 0, 0, 0, self.more))
        return functional.relu(x + y)


class Scale(nn.Module):
    """Pixels 0..255 to 0..1."""

    def forward(self, x):
        return x / 255


def resnet(units):
    layers = [
        Scale(),
        nn.Conv2d(3, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16, eps=1e-3, momentum=0.01),
        nn.ReLU(),
    ]
    channels = 16
    for stage in range(3):
        for block in range(3):
            stride = 2 if stage and not block else 1
            layers.append(Residual(channels, 16 * 2**stage, stride))
            channels = 16 * 2**stage
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(64, units), nn.ReLU())


class Transformer(nn.Module):
    """Token ids to the mean of two Transformer blocks, norm first."""

    def __init__(self, vocabulary_size, length, dim, units):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary_size, dim)
        self.positions = nn.Parameter(0.02 * torch.randn(length, dim))
        self.blocks = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                dim,
                4,
                4 * dim,
                dropout=0.0,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            ),
            2,
            norm=nn.LayerNorm(dim),
            enable_nested_tensor=False,
        )
        self.dense = nn.Linear(dim, units)

    def forward(self, ids):
        keep = ids != 0
        x = self.tokens(ids) + self.positions
        x = self.blocks(x, src_key_padding_mask=~keep)
        keep = keep[..., None].to(x.dtype)
        x = (x * keep).sum(1) / keep.sum(1).clamp(min=1)
        return functional.relu(self.dense(x))


class Pair(nn.Module):
    """Two encoders, their embeddings joined, one hidden layer, ten classes."""

    def __init__(self, first, second, dim, hidden):
        super().__init__()
        self.first, self.second = first, second
        self.connection = nn.Linear(dim, hidden)
        self.head = nn.Linear(hidden, 10)

    def forward(self, first, second):
        x = torch.cat([self.first(first), self.second(second)], dim=1)
        return self.head(functional.relu(self.connection(x)))


def lenets():
    """Audio before image: mmfusion sorts the names."""
    return Pair(lenet(6), lenet(4), 240, 100)


def resnet_transformer():
    return Pair(resnet(64), Transformer(8000, 64, 64, 64), 128, 64)


def with_weights(model, path):
    """Loads what Keras began with, in its order of weights."""
    with np.load(path, allow_pickle=False) as file:
        arrays = iter([file[name] for name in file.files])
    _fill(model, arrays)
    if next(arrays, None) is not None:
        raise ValueError("Keras has more weights than PyTorch.")
    return model


def _fill(module, arrays):
    """Copies the next arrays into a module and what is in it."""

    def copy(target, array):
        target.data.copy_(torch.tensor(array).reshape(target.shape))

    def take(*targets):
        for target in targets:
            copy(target, next(arrays))

    if isinstance(module, nn.Conv2d):
        copy(module.weight, next(arrays).transpose(3, 2, 0, 1))
    elif isinstance(module, nn.BatchNorm2d):
        take(module.weight, module.bias)
        take(module.running_mean, module.running_var)
    elif isinstance(module, nn.LayerNorm):
        take(module.weight, module.bias)
    elif isinstance(module, nn.Linear):
        copy(module.weight, next(arrays).T)
        take(module.bias)
    elif isinstance(module, nn.TransformerEncoderLayer):
        _fill(module.norm1, arrays)
        attention, dim = module.self_attn, module.self_attn.embed_dim
        for start in range(0, 3 * dim, dim):  # Queries, keys, values.
            rows = slice(start, start + dim)
            kernel = next(arrays).reshape(dim, dim)
            copy(attention.in_proj_weight[rows], kernel.T)
            take(attention.in_proj_bias[rows])
        copy(attention.out_proj.weight, next(arrays).reshape(dim, dim).T)
        take(attention.out_proj.bias)
        for part in (module.norm2, module.linear1, module.linear2):
            _fill(part, arrays)
    else:
        if isinstance(module, Transformer):
            take(module.tokens.weight, module.positions)
        for child in module.children():
            _fill(child, arrays)


PAIRS = {"lenets": lenets, "resnet_transformer": resnet_transformer}

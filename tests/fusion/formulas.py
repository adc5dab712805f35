"""The fusions in NumPy, one row at a time, from what is present in it.

Each function gets `w`, the weights of the layer by path; `x`, dict of modality
name to `(dim,)` or `(steps, dim)`, present ones only; `names`, all of them.
"""

import itertools

import numpy as np


def dense(w, name, x):
    return x @ w[f"{name}/kernel"] + w.get(f"{name}/bias", 0.0)


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def signed_sqrt(x):
    return np.sign(x) * (np.sqrt(np.abs(x) + 1e-4) - 1e-2)


def unit(x):
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.divide(x, length, out=np.zeros_like(x), where=length > 1e-6)


def concat(layer, w, x, names, dims):
    whole = [x.get(n, np.zeros(dims[n])) for n in names]
    return relu(dense(w, "connection", np.concatenate(whole)))


def gated(layer, w, x, names, dims):
    whole = [x.get(n, np.zeros(dims[n])) for n in names]
    logits = dense(w, "gate", np.concatenate(whole))
    gate = softmax(logits[[names.index(n) for n in x]])
    parts = [np.tanh(dense(w, f"project_{n}", e)) for n, e in x.items()]
    return gate @ np.array(parts)


def weighted(layer, w, x, names, dims):
    share = softmax(w["scores"][[names.index(n) for n in x]])
    parts = [dense(w, f"project_{n}", e) for n, e in x.items()]
    return _gelu(share @ np.array(parts))


def tensor(layer, w, x, names, dims):
    product = np.ones(1)
    for name in names:
        z = np.zeros(layer.width)
        if name in x:
            z = relu(dense(w, f"project_{name}", x[name]))
        product = np.outer(product, np.append(z, 1.0)).ravel()
    return relu(dense(w, "connection", product))


def low_rank(layer, w, x, names, dims):
    total = 0.0
    for r in range(layer.rank):
        part = slice(r * layer.units, (r + 1) * layer.units)
        product = 1.0
        for name in names:
            e = x.get(name, np.zeros(dims[name]))
            product = product * dense(w, f"factor_{name}", e)[part]
        total = total + product
    return total / layer.rank + w["bias"]


def mutan(layer, w, x, names, dims):
    total = 0.0
    for r in range(layer.rank):
        part = slice(r * layer.units, (r + 1) * layer.units)
        product = np.ones(layer.units)
        for name, e in x.items():
            q = np.tanh(dense(w, f"project_{name}", e))
            product = product * dense(w, f"factor_{name}", q)[part]
        total = total + product
    return total


def factorized_bilinear(layer, w, x, names, dims):
    product = np.ones(layer.units * layer.factors)
    for name, e in x.items():
        product = product * dense(w, f"project_{name}", e)
    sums = product.reshape(layer.units, layer.factors).sum(1)
    return unit(signed_sqrt(sums))


def compact_bilinear(layer, w, x, names, dims):
    """By sketches and circular convolutions, without a transform."""
    fused = np.eye(layer.units)[0]  # What a convolution leaves as it is.
    for name, e in x.items():
        sketch = np.zeros(layer.units)
        places = w[f"places_{name}"].astype(int)
        np.add.at(sketch, places, w[f"signs_{name}"] * e)
        fused = np.array(
            [
                sum(
                    fused[j] * sketch[(i - j) % layer.units]
                    for j in range(layer.units)
                )
                for i in range(layer.units)
            ]
        )
    return unit(signed_sqrt(fused))


def _context(x, name, names, dims):
    others = [n for n in names if n != name]
    return np.concatenate([x.get(n, np.zeros(dims[n])) for n in others])


def _conditioned(layer, x, names, dims, condition):
    if layer.target:
        targets = [layer.target]
    else:
        targets = [name for name in names if name in x]
    y = []
    for name in targets:
        e = x.get(name, np.zeros(dims[name]))
        y.append(condition(name, e, _context(x, name, names, dims)))
    return relu(np.mean(y, axis=0))


def film(layer, w, x, names, dims):
    def condition(name, e, c):
        scale = 1 + dense(w, f"scale_{name}", c)
        shift = dense(w, f"shift_{name}", c)
        return scale * dense(w, f"linear_{name}", e) + shift

    return _conditioned(layer, x, names, dims, condition)


def hypernetwork(layer, w, x, names, dims):
    def condition(name, e, c):
        made = w[f"inner_{name}/kernel"] @ np.diag(c @ w[f"made_{name}/kernel"])
        kernel = w[f"linear_{name}/kernel"] + made @ w[f"outer_{name}/kernel"]
        shift = dense(w, f"shift_{name}", c)
        return e @ kernel + shift + w[f"linear_{name}/bias"]

    return _conditioned(layer, x, names, dims, condition)


def _steps(w, x):
    return {
        name: dense(w, f"project_{name}", np.atleast_2d(e))
        for name, e in x.items()
    }


def bilinear_attention(layer, w, x, names, dims):
    z = list(_steps(w, x).values())
    if len(z) == 1:
        z.append(np.ones((1, layer.units)))
    scores, products = [], []
    for a, b in itertools.combinations(z, 2):
        for i, t in itertools.product(a, b):
            if layer.score == "cosine":
                scores.append(unit(i) @ unit(t) / layer.temperature)
            else:
                scores.append(i @ t / np.sqrt(layer.units))
            products.append(i * t)
    return softmax(np.array(scores)) @ np.array(products)


def co_attention(layer, w, x, names, dims):
    z, pooled = _steps(w, x), []
    for m in z:
        if len(np.shape(x[m])) == 1 and f"own_{m}/kernel" not in w:
            pooled.append(z[m][0])
            continue
        h = dense(w, f"own_{m}", z[m])
        guided = []
        for n in z:
            if n == m:
                continue
            a, b = sorted((m, n))
            affinity = np.tanh(z[a] @ w[f"affinity_{a}_{b}"] @ z[b].T)
            affinity = affinity if a == m else affinity.T
            guided.append(affinity @ dense(w, f"guide_{n}", z[n]))
        if guided:
            h = h + np.mean(guided, axis=0)
        scores = dense(w, f"score_{m}", np.tanh(h))[:, 0]
        pooled.append(softmax(scores) @ z[m])
    return np.tanh(dense(w, "connection", np.mean(pooled, axis=0)))


def _layer_norm(w, name, x):
    centred = x - x.mean(-1, keepdims=True)
    rate = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return centred / rate * w[f"{name}/gamma"] + w[f"{name}/beta"]


def _gelu(x):
    from scipy.stats import norm

    return x * norm.cdf(x)


def _attention(w, name, q, kv):
    def heads(part, x):
        kernel = w[f"{name}/{part}/kernel"]
        return (
            np.einsum("sd,dhk->hsk", x, kernel)
            + w[f"{name}/{part}/bias"][:, None]
        )

    query, key, value = heads("query", q), heads("key", kv), heads("value", kv)
    scores = np.einsum("hqk,hsk->hqs", query, key) / np.sqrt(key.shape[-1])
    weights = np.apply_along_axis(softmax, -1, scores)
    mixed = np.einsum("hqs,hsk->hqk", weights, value)
    kernel = w[f"{name}/attention_output/kernel"]
    return (
        np.einsum("hqk,hkd->qd", mixed, kernel)
        + w[f"{name}/attention_output/bias"]
    )


def block(w, name, x):
    """A Transformer block over steps that all count."""
    h = _layer_norm(w, f"{name}/norm_attention", x)
    x = x + _attention(w, f"{name}/attention", h, h)
    h = _layer_norm(w, f"{name}/norm_network", x)
    h = _gelu(dense(w, f"{name}/wide", h))
    return x + dense(w, f"{name}/narrow", h)


def _tokens(w, x, names):
    return {
        name: z + w["types"][names.index(name)]
        for name, z in _steps(w, x).items()
    }


def self_attention(layer, w, x, names, dims):
    z = np.concatenate([w["class_token"], *_tokens(w, x, names).values()])
    for number in range(layer.num_layers):
        z = block(w, f"block_{number}", z)
    return _layer_norm(w, "norm", z[0])


def bottleneck(layer, w, x, names, dims):
    shared, streams = w["bottleneck"], {}
    for name, steps in _tokens(w, x, names).items():
        first = w["class_tokens"][names.index(name)]
        streams[name] = np.concatenate([first, steps])
    count = layer.num_tokens
    for number in range(layer.num_layers):
        told = []
        for name, steps in streams.items():
            z = np.concatenate([shared, steps])
            z = block(w, f"block_{number}_{name}", z)
            told.append(z[:count])
            streams[name] = z[count:]
        shared = np.mean(told, axis=0)
    ends = [_layer_norm(w, "norm", z[0]) for z in streams.values()]
    return np.mean(ends, axis=0)


def _cross(w, name, x, source):
    """A block of cross-attention to steps that all count."""
    query = _layer_norm(w, f"{name}/norm_x", x)
    key = _layer_norm(w, f"{name}/norm_source", source)
    x = x + _attention(w, f"{name}/attention", query, key)
    h = _layer_norm(w, f"{name}/norm_network", x)
    return x + dense(w, f"{name}/narrow", _gelu(dense(w, f"{name}/wide", h)))


def cross_attention(layer, w, x, names, dims):
    z, ends = _steps(w, x), []
    for m in names:
        if m not in z:
            ends.append(np.zeros((len(names) - 1) * layer.units))
            continue
        streams = []
        for n in [n for n in names if n != m]:
            y = z[m]
            for depth in range(layer.depth if n in z else 0):
                y = _cross(w, f"cross/{m}_from_{n}_{depth}", y, z[n])
            streams.append(y)
        y = block(w, f"block_{m}", np.concatenate(streams, axis=-1))
        ends.append(_layer_norm(w, f"norm_{m}", y).mean(0))
    return dense(w, "connection", np.concatenate(ends))


def perceiver(layer, w, x, names, dims):
    steps = np.concatenate(list(_tokens(w, x, names).values()))
    z = w["resampler/latents"]
    for depth in range(layer.depth):
        name = f"resampler/block_{depth}"
        z = _cross(w, name, z, np.concatenate([steps, z]))
    return _layer_norm(w, "resampler/norm", z).mean(0)

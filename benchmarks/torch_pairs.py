"""The other side of the pairs of `benchmarks.encoders`: PyTorch, ONNX Runtime.

Runs in an environment of its own (`torch`, `onnx`, `onnxscript`,
`onnxruntime`) and imports nothing of mmfusion. It reads one line for each
turn from standard input, how many steps to run, and answers their seconds:

    python torch_pairs.py train lenets --compiled --bfloat16
    python torch_pairs.py serve lenets --threads 1
"""

import argparse
import contextlib
import io
import sys
import time

import numpy as np
import torch
import torch_models  # Beside this file.
from torch import nn
from torch.nn import functional

BATCH = 64


def data(pair, batch):
    """The same arrays as on the other side, channels first."""
    random = np.random.default_rng(0)
    if pair == "lenets":
        image = random.normal(size=(batch, 28, 28, 1))
        audio = random.normal(size=(batch, 112, 112, 1))
        first, second = audio, image
    else:
        image = random.uniform(0, 255, (batch, 32, 32, 3))
        first, second = image, random.integers(1, 8000, (batch, 64))
    labels = random.integers(0, 10, batch)

    def tensor(array):
        if array.ndim == 4:
            return torch.tensor(array.transpose(0, 3, 1, 2).astype("float32"))
        return torch.tensor(array)

    return tensor(first), tensor(second), torch.tensor(labels)


def trainer(pair, options):
    """A function that runs some steps and gives the last loss."""
    torch.manual_seed(0)
    model = torch_models.PAIRS[pair]()
    if options.weights:
        torch_models.with_weights(model, options.weights)
    count = sum(p.numel() for p in model.parameters())
    first, second, labels = data(pair, BATCH)
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
        first = first.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    call = torch.compile(model) if options.compiled else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        context = (
            torch.autocast("cpu", torch.bfloat16)
            if options.bfloat16
            else contextlib.nullcontext()
        )
        with context:
            logits = call(first, second)
        loss = functional.cross_entropy(logits.float(), labels)
        loss.backward()
        optimizer.step()
        return loss

    def run(steps):
        for _ in range(steps):
            loss = step()
        return float(loss.detach())

    return run, count


def server(pair, options):
    """A function that answers some rows, one by one, by ONNX Runtime."""
    import onnxruntime

    torch.manual_seed(0)
    model = torch_models.PAIRS[pair]()
    if options.weights:
        torch_models.with_weights(model, options.weights)
    first, second, _ = data(pair, 1)
    content = io.BytesIO()
    # With the probabilities, as the other side answers them.
    model = nn.Sequential(_Call(model.eval()), nn.Softmax(1)).eval()
    program = torch.onnx.export(
        _Two(model), (first, second), dynamo=True, verbose=False
    )
    program.save(content)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(
        content.getvalue(), settings, providers=["CPUExecutionProvider"]
    )
    names = [each.name for each in session.get_inputs()]
    feed = dict(zip(names, (first.numpy(), second.numpy()), strict=True))

    def run(steps):
        for _ in range(steps):
            (answer,) = session.run(None, feed)
        return float(answer[0, 0])

    return run, sum(p.numel() for p in model.parameters())


class _Call(nn.Module):
    """A pair as a module of one argument, a tuple."""

    def __init__(self, pair):
        super().__init__()
        self.pair = pair

    def forward(self, inputs):
        return self.pair(*inputs)


class _Two(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, first, second):
        return self.model((first, second))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("train", "serve"))
    parser.add_argument("pair", choices=torch_models.PAIRS)
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights")
    options = parser.parse_args()
    # What libraries print must not end up among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    make = {"train": trainer, "serve": server}[options.what]
    run, count = make(options.pair, options)
    print(f"ready {count} {torch.__version__}", file=answers, flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        value = run(int(line))
        seconds = time.perf_counter() - begin
        print(f"{seconds} {value}", file=answers, flush=True)


if __name__ == "__main__":
    main()

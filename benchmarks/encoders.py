"""`python -m benchmarks.encoders`: how fast encoders train and answer.

Every registered encoder by itself, then two pairs of encoders against PyTorch
and ONNX Runtime, in turns. Those need an environment of their own:

    python -m venv torch-venv
    torch-venv/bin/pip install torch==2.13.0 onnx onnxscript onnxruntime
    python -m benchmarks.encoders --torch torch-venv/bin/python

or the path in `MMFUSION_TORCH_PYTHON`; without it, the pairs are left out and
the table says so. Writes `encoders.md` beside this file; ten minutes on two
quiet cores.
"""

import argparse
import contextlib
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import textwrap

from benchmarks.turns import Runner, alternate, ratio
from mmfusion import files

HERE = pathlib.Path(__file__).parent
OURS, EAGER, COMPILED = "mmfusion", "PyTorch eager", "torch.compile"
# The encoders of a model do not wait for each other: on few cores an operation
# on each may be faster than one on all of them.
SIDE_BY_SIDE = {"TF_NUM_INTEROP_THREADS": "2", "TF_NUM_INTRAOP_THREADS": "1"}
FORMATS = ("float32", "dynamic range", "float16")


def _ours(*arguments):
    return [sys.executable, "-m", "benchmarks.keras_pairs", *arguments]


def _theirs(python, *arguments):
    return [python, str(HERE / "torch_pairs.py"), *arguments]


@contextlib.contextmanager
def _running(commands):
    """Runners by name, all started, and stopped at the end."""
    runners = []
    try:
        for name, command in commands.items():
            runners.append(Runner(name, command))
        yield runners
    finally:
        for each in runners:
            each.stop()


def _ratios(times, name, others):
    cells = []
    for other in others:
        middle, least, most = ratio(times, name, other)
        cells.append(f"{middle:.2f} ({least:.2f} to {most:.2f})")
    return cells


def training(pair, python, options, folder):
    """Markdown: throughput of one pair at both precisions."""
    same = ["--weights", str(folder / f"{pair}.npz")]
    lines = [
        "| | precision | ms a step | rows a second | x eager | x compiled |",
        "|---|---|---|---|---|---|",
    ]
    notes = []
    for precision in ("float32", "bfloat16"):
        more = ["--bfloat16"] if precision == "bfloat16" else []
        train = ("train", pair, *more)
        commands = {
            EAGER: _theirs(python, *train, *same),
            COMPILED: _theirs(python, *train, "--compiled", *same),
            f"{COMPILED}, channels last": _theirs(
                python, *train, "--compiled", "--channels-last", *same
            ),
            OURS: _ours(*train),
            f"{OURS}, a thread an operation": [
                "env",
                *(f"{key}={value}" for key, value in SIDE_BY_SIDE.items()),
                *_ours(*train),
            ],
        }
        with _running(commands) as runners:
            counts = {each.name: each.wait()[0] for each in runners}
            times, losses = alternate(
                runners, options.steps, options.rounds, warm_up=5
            )
        for name in commands:
            middle = statistics.median(times[name])
            cells = _ratios(times, name, (EAGER, COMPILED))
            lines.append(
                f"| {name} | {precision} | {middle:.1f} "
                f"| {64e3 / middle:.0f} | {' | '.join(cells)} |"
            )
        notes.append(
            f"{precision}: {counts[OURS]:,} parameters here, "
            f"{counts[EAGER]:,} there; loss after five steps "
            f"{losses[OURS]:.4f} here, {losses[EAGER]:.4f} there."
        )
    return "\n".join([*lines, "", *(f"- {note}" for note in notes)])


def latency(python, options, folder):
    """Markdown: one row at a time, LiteRT files against ONNX Runtime."""
    subprocess.run(
        _ours("convert", "lenets", "--folder", str(folder)),
        check=True,
        capture_output=True,
    )
    commands = {}
    weights = ["--weights", str(folder / "lenets.npz")]
    for threads in ("1", "2"):
        for name in FORMATS:
            path = folder / f"{name.replace(' ', '_')}.tflite"
            commands[f"LiteRT {name}, {threads} threads"] = _ours(
                *("serve", "lenets", "--file", str(path)),
                *("--threads", threads),
            )
        commands[f"ONNX Runtime, {threads} threads"] = _theirs(
            python, "serve", "lenets", "--threads", threads, *weights
        )
    with _running(commands) as runners:
        for each in runners:
            each.wait()
        times, answers = alternate(
            runners, 40 * options.steps, options.rounds, warm_up=100
        )
    middle = {name: statistics.median(each) for name, each in times.items()}
    best = min((x for x in middle if x.startswith("ONNX")), key=middle.get)
    ours = min((x for x in middle if x.startswith("Lite")), key=middle.get)
    lines = [
        "| | ms a row | time / that of ONNX Runtime | first answer |",
        "|---|---|---|---|",
    ]
    for name, value in middle.items():
        against, least, most = ratio(times, best, name)
        lines.append(
            f"| {name.replace('1 threads', '1 thread')} | {value:.3f} "
            f"| {against:.2f} ({least:.2f} to {most:.2f}) "
            f"| {answers[name]:.3e} |"
        )
    end = f"Best here: {ours}; best there, which the ratios are to: {best}."
    return "\n".join([*lines, "", end])


def machine():
    """Cores and the CPU's instructions that matter here."""
    flags = set()
    with contextlib.suppress(OSError):
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("flags"):
                flags |= set(line.split()[2:])
    known = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile")
    found = ", ".join(name for name in known if name in flags) or "unknown"
    return (
        f"{os.cpu_count()} CPU cores ({platform.machine()}; {found}), "
        f"Python {platform.python_version()}"
    )


def pairs(options):
    """Markdown of both pairs, or one sentence where PyTorch is missing."""
    python = options.torch
    if not python or not pathlib.Path(python).exists():
        return (
            "PyTorch and ONNX Runtime were not measured: give their Python "
            "with `--torch` or in `MMFUSION_TORCH_PYTHON`."
        )
    found = subprocess.run(
        [
            python,
            "-c",
            "import torch, onnx, onnxruntime as o;"
            "print(f'PyTorch {torch.__version__}, ONNX Runtime "
            "{o.__version__}')",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for pair in ("lenets", "resnet_transformer"):
            subprocess.run(
                _ours("weights", pair, "--folder", name),
                check=True,
                capture_output=True,
            )
        parts = [
            "## Two LeNets, training",
            "MultiBench's model of AV-MNIST: 28 x 28 and 112 x 112, from 6 "
            "channels on, batch 64, momentum, the same first weights, as in "
            "every pair. Rows are counted per second; `x` is how many times "
            "as fast, the median of the rounds, their least and most.",
            training("lenets", python, options, folder),
            "## Two LeNets, one row at a time",
            latency(python, options, folder),
            "## ResNet-20 and a Transformer over 64 tokens, training",
            training("resnet_transformer", python, options, folder),
            f"{found.stdout.strip()}.",
        ]
    return "\n\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--torch",
        default=os.environ.get("MMFUSION_TORCH_PYTHON"),
        help="Python of an environment with torch, onnx and onnxruntime",
    )
    parser.add_argument("--steps", type=int, default=10, help="of a turn")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--pairs-only", action="store_true", help="print, write nothing"
    )
    options = parser.parse_args()
    against = pairs(options)
    if options.pairs_only:
        print(against)
        return
    from benchmarks import every_encoder  # TensorFlow, once the pairs ended.

    alone = every_encoder.table()
    about = textwrap.fill(f"{every_encoder.versions()}, {machine()}.", 79)
    text = f"""# Encoders: speed

Written by `python -m benchmarks.encoders`. Medians; the sides of a pair run in
turns, each in a process of its own.

{against}

## Every encoder

{alone}

{about}
"""
    files.write_text(HERE / "encoders.md", text)
    print(text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()

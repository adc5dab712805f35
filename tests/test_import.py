"""`import mmfusion` and `mmfusion --help` cost nothing."""

import subprocess
import sys

import mmfusion


def _fresh(code):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


HEAVY = (
    "import sys; print([m for m in ('tensorflow', 'keras', 'jax', 'torch', "
    "'numpy', 'yaml') if m in sys.modules])"
)


def test_importing_the_package_imports_nothing_heavy():
    assert _fresh(f"import mmfusion; {HEAVY}") == "[]\n"


def test_help_imports_nothing_heavy():
    code = (
        "import contextlib, io, mmfusion.cli\n"
        "with contextlib.suppress(SystemExit), "
        "contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    mmfusion.cli.main(['--help'])\n"
        "assert 'demo' in out.getvalue()\n" + HEAVY
    )
    assert _fresh(code) == "[]\n"


def test_every_promised_name_is_there():
    for name in mmfusion.__all__:
        assert getattr(mmfusion, name) is not None
    assert set(mmfusion.__all__) <= set(dir(mmfusion))

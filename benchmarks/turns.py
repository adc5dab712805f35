"""Processes that run steps in turns, so that noise hits all of them alike."""

import statistics
import subprocess
import tempfile
import time


class Runner:
    """A process that answers `seconds value` to a line with a number of steps.

    Its first line is `ready <parameters> <version>`.
    """

    def __init__(self, name, command):
        self.name = name
        # A file, not a pipe: a pipe that nobody reads blocks who writes.
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            errors = self.errors.read().strip().splitlines()
            last = errors[-1] if errors else "without a word"
            raise RuntimeError(f"{self.name!r} ended: {last}")
        return line.split()

    def wait(self):
        """Waits until it is ready: `(parameters, version)`."""
        _, parameters, version = self._line()
        return int(parameters), version

    def run(self, steps):
        """Milliseconds a step, and the value of the last one."""
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        seconds, value = self._line()
        return 1e3 * float(seconds) / steps, float(value)

    def stop(self):
        self.process.kill()
        self.process.communicate()
        self.errors.close()


def alternate(runners, steps, rounds, warm_up):
    """Milliseconds a step of each runner, round by round.

    Returns:
        Dict of name to list of `rounds` floats, and dict of name to the value
        after the warm-up.
    """
    values = {each.name: each.run(warm_up)[1] for each in runners}
    times = {each.name: [] for each in runners}
    for turn in range(rounds):
        # Who goes first changes: what it leaves in the caches helps nobody.
        for each in (
            runners[turn % len(runners) :] + runners[: turn % len(runners)]
        ):
            time.sleep(0.2)  # Idle threads of the one before still spin.
            times[each.name].append(each.run(steps)[0])
    return times, values


def ratio(times, name, other):
    """How many times as fast as `other`: median, least and most of rounds."""
    ratios = [b / a for a, b in zip(times[name], times[other], strict=True)]
    return statistics.median(ratios), min(ratios), max(ratios)

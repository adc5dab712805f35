"""The values that a source names, each of them once, read ahead by threads."""

import collections
import concurrent.futures
import os

import numpy as np


class Distinct:
    """Which rows of a source name the same value.

    Rows that name one file share what is read of it. Other values are not
    compared: each row has its own.

    Args:
        source: `TableSource` or `SequenceSource`.

    Attributes:
        index: `(rows,)` int64, which value is that of each row; None where
            each row has its own.
        firsts: `(values,)` int64, the first row of each value.
    """

    def __init__(self, source):
        self.index, self.firsts = None, np.arange(len(source))
        self._order = self._starts = None
        if not (source.modality.reads_files and hasattr(source, "name_of")):
            return
        numbers = {}
        index = np.empty(len(source), "int64")
        for row in range(len(source)):
            index[row] = numbers.setdefault(source.name_of(row), len(numbers))
        if len(numbers) < len(index):
            self.index = index
            self.firsts = np.unique(index, return_index=True)[1]

    def __len__(self):
        return len(self.firsts)

    def rows(self, number):
        """The rows of a value, in order."""
        if self.index is None:
            return [number]
        if self._order is None:
            self._order = np.argsort(self.index, kind="stable")
            numbers = np.arange(len(self) + 1)
            self._starts = np.searchsorted(self.index[self._order], numbers)
        begin, end = self._starts[number : number + 2]
        return self._order[begin:end].tolist()

    def number(self, row):
        """Which value is that of a row."""
        return int(row if self.index is None else self.index[row])


def in_order(read, numbers, threads):
    """`(number, read(number))` in order; files are read by threads, ahead.

    Args:
        read: function of a number.
        numbers: iterable of int, or of whatever `read` takes.
        threads: bool. Whether several shall read.
    """
    if not threads:
        yield from ((number, read(number)) for number in numbers)
        return
    workers = max(2, os.cpu_count() or 2)
    waiting = collections.deque()
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        try:
            for number in numbers:
                waiting.append((number, pool.submit(read, number)))
                if len(waiting) > 4 * workers:  # Bounds what is in memory.
                    first, outcome = waiting.popleft()
                    yield first, outcome.result()
            while waiting:
                first, outcome = waiting.popleft()
                yield first, outcome.result()
        finally:
            for _, outcome in waiting:
                outcome.cancel()

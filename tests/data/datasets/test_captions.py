import numpy as np

from mmfusion.data.datasets import captions


def _write(symbols, seed=0):
    return captions.write(np.asarray(symbols), np.random.default_rng(seed))


def test_exactly_the_word_of_the_symbol_is_there():
    symbols = np.arange(400) % len(captions.WORDS)
    for symbol, caption in zip(symbols, _write(symbols), strict=True):
        told = [word for word in captions.WORDS if word in caption.split()]
        assert told == [captions.WORDS[symbol]]
        assert "{" not in caption


def test_same_seed_same_captions():
    assert _write([0, 1, 2, 3]) == _write([0, 1, 2, 3])
    assert len(set(_write([0] * 200))) > 100


def test_the_rest_of_the_sentence_tells_nothing():
    rest = [
        [caption.replace(captions.WORDS[symbol], "") for caption in written]
        for symbol in (0, 3)
        for written in [_write([symbol] * 50)]
    ]
    assert rest[0] == rest[1]

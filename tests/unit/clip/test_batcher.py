"""Crops of several requests in one batch, each row back to whom it belongs."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from clip.batcher import Batcher


class Adder:
    """Embeds a crop as its mean; says what it was shown, and waits to be let go on."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun, self.go_on = Event(), Event()

    def __call__(self, crops: np.ndarray) -> np.ndarray:
        self.begun.set()
        assert self.go_on.wait(60)
        self.sizes.append(len(crops))
        if (crops == 255).any():
            raise RuntimeError("out of memory")
        return crops.reshape(len(crops), -1).mean(axis=1, keepdims=True).astype(np.float32)


def crops(*values: int) -> np.ndarray:
    return np.stack([np.full((2, 2, 3), value, np.uint8) for value in values])


def test_what_waits_while_the_model_works_is_one_batch_and_never_more_than_the_most() -> None:
    model = Adder()
    batcher = Batcher(model, size=4, delay=0.001)
    first = batcher.submit(crops(1))
    assert model.begun.wait(60)
    others = [batcher.submit(crops(10 * n, 10 * n + 1)) for n in range(1, 4)]
    large = batcher.submit(crops(*range(100, 109)))
    model.go_on.set()
    assert first.result(60).ravel().tolist() == [1]
    assert [job.result(60).ravel().tolist() for job in others] == [[10, 11], [20, 21], [30, 31]]
    assert large.result(60).ravel().tolist() == list(range(100, 109))
    batcher.close()
    assert max(model.sizes) == 4
    assert sum(model.sizes) == 16


def test_a_batch_that_fails_is_told_to_its_own_and_the_next_one_goes_on() -> None:
    model = Adder()
    model.go_on.set()
    batcher = Batcher(model, size=4, delay=0)
    with pytest.raises(RuntimeError, match="out of memory"):
        batcher.submit(crops(255)).result(60)
    assert batcher.submit(crops(7)).result(60).ravel().tolist() == [7]
    batcher.close()

"""Trains a tiny CLIP and saves it as Hugging Face does, with its calibration.

    python -m emulator.sample.tiny_clip.train --marks DIR --strangers DIR --pictures DIR --out DIR

`--marks`: a picture with alpha for each brand, called NAME.png; `--strangers`: marks of none of them; `--pictures`:
what they are laid on. Every fourth picture and the last strangers are held out, to measure with. Minutes of one core.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from clip.classes import NONE, TEMPLATES, brand
from clip.detect import Texts, margins
from clip.model import Model
from clip.models import calibration
from pipeline.cloud import logs

from . import crops, fit, scenes, tiny

log = logging.getLogger(__name__)
_HELD_OUT = 4  # every fourth picture, the last quarter of strangers
_SEED = 7


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="emulator.sample.tiny_clip.train", description=__doc__)
    for folder in ("marks", "strangers", "pictures", "out"):
        parser.add_argument(f"--{folder}", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--crops", type=int, default=16000, help="crops to learn from")
    parser.add_argument("--scenes", type=int, default=320, help="pictures whose proposals are learned from too")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--after", type=Path, help="goes on from this model, with other crops")
    given = parser.parse_args(arguments)
    logs.configure()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)  # on a busy machine two wait for each other
    names = [file.stem for file in _files(given.marks)]
    learned, held_out = _sources(given)
    torch.manual_seed(_SEED)
    if given.after:
        words, model = tiny.load(given.after)
    else:
        words = tiny.tokenizer([template.format(name) for name in names for template in TEMPLATES] + list(NONE))
        model = tiny.model(len(words))
    seed = 3 if given.after else 1
    cut = crops.make(learned, given.crops, tiny.SIDE, seed)
    seen = scenes.make(learned, given.scenes, tiny.SIDE, seed, most=24)
    bank = np.concatenate([cut[0], seen[0]]), np.concatenate([cut[1], seen[1]])
    fit.fit(model, words, names, bank, fit.Plan(given.steps, given.rate), log.info)
    given.out.mkdir(parents=True, exist_ok=True)
    tiny.save(given.out, model, words)
    measure(given.out, names, scenes.make(held_out, max(given.scenes // 4, 12), tiny.SIDE, seed=2))


def measure(folder: Path, names: Sequence[str], held_out: tuple[Any, Any]) -> dict[str, float]:
    """Calibrates the model in `folder` on proposals of pictures that it has not seen, in the share in which the service
    meets them: hardly any is a brand. Says, and returns, how good it is."""
    model = Model(str(folder), "cpu")
    images, labels = held_out
    texts = Texts(model.embed_texts).of(tuple(brand(name, name) for name in names))
    rows = np.concatenate([model.embed_images(part) for part in np.array_split(images, len(images) // 128 + 1)])
    margin = margins(rows, texts, model.scale, len(names))
    best = margin.argmax(axis=1)
    right = best == labels
    calibrated = calibration.fit(margin.max(axis=1), right & (labels >= 0))
    calibrated.save(folder)
    sure = calibrated.confidence(margin.max(axis=1)) >= 0.5
    figures = {
        "brands named": float((right & sure)[labels >= 0].mean()),
        "background rejected": float((~sure)[labels == crops.BACKGROUND].mean()),
        "near misses rejected": float((~sure)[labels == crops.NEAR_MISS].mean()),
    }
    log.info("held out: %s", ", ".join(f"{name} {share:.3f}" for name, share in figures.items()))
    return figures


def _sources(given: argparse.Namespace) -> tuple[crops.Source, crops.Source]:
    """The sources of training, and those held out."""
    marks, strangers = _pictures(given.marks), _pictures(given.strangers)
    pictures = [cv2.cvtColor(p, cv2.COLOR_BGRA2BGR).astype(np.uint8) for p in _pictures(given.pictures)]
    known = strangers[: -(len(strangers) // _HELD_OUT) or None]
    learned = crops.Source(marks, known, [p for i, p in enumerate(pictures) if i % _HELD_OUT])
    return learned, crops.Source(marks, strangers[len(known) :] or known, pictures[::_HELD_OUT])


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in (".png", ".jpg"))


def _pictures(folder: Path) -> list[crops.Pixels]:
    """BGRA. Raises ValueError naming a file that is not a picture."""
    found: list[crops.Pixels] = []
    for file in _files(folder):
        image = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        if image is None or image.ndim != 3:
            raise ValueError(f"invalid mark {file}: expected a picture in colour")
        opaque = image if image.shape[2] == 4 else cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)
        found.append(np.asarray(opaque, np.uint8))
    if not found:
        raise ValueError(f"{folder} has no pictures")
    return found


if __name__ == "__main__":
    main()

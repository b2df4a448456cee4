"""Trains the model: each crop must lie nearest to its brand's texts, or to those of the background."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from clip.classes import BACKGROUND, NEAR_MISS, TEMPLATES

_WARM_UP = 60  # steps
_MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073])  # CLIP's
_STD = torch.tensor([0.26862954, 0.26130258, 0.27577711])


@dataclass(frozen=True, slots=True)
class Plan:
    """The length and speed of training. The same seed gives the same model on the same machine."""

    steps: int
    rate: float = 1.5e-3
    batch: int = 64
    seed: int = 7


def fit(
    model: Any,
    words: Any,
    names: Sequence[str],
    crops: tuple[NDArray[np.uint8], NDArray[np.int64]],
    plan: Plan,
    say: Callable[[str], None],
) -> None:
    """Trains `model` in place on crops (n×side×side×3, RGB) and labels (see `crops`)."""
    images, labels = crops
    random = np.random.default_rng(plan.seed)
    groups = np.array([*range(len(names)), *[-1] * len(BACKGROUND), *[-2] * len(NEAR_MISS)])
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=0.05)
    shown = 0.0
    model.train()
    for step in range(plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _pace(step, plan.steps)
        chosen = random.integers(len(images), size=plan.batch)
        template = TEMPLATES[int(random.integers(len(TEMPLATES)))]
        texts = [*(template.format(name) for name in names), *BACKGROUND, *NEAR_MISS]
        logits = _logits(model, words, images[chosen], texts)
        right = torch.from_numpy(labels[chosen][:, None] == groups[None])
        loss = (logits.logsumexp(1) - logits.masked_fill(~right, -math.inf).logsumexp(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(max=math.log(100))
        shown = loss.item() if step == 0 else 0.98 * shown + 0.02 * loss.item()
        if step % 50 == 49:
            say(f"step {step + 1} of {plan.steps}: loss {shown:.3f}")
    model.eval()


def normalized(images: NDArray[np.uint8]) -> torch.Tensor:
    """n×h×w×3 (RGB) as CLIP takes them, n×3×h×w."""
    scaled = torch.from_numpy(np.ascontiguousarray(images)).float() / 255
    return ((scaled - _MEAN) / _STD).permute(0, 3, 1, 2)


def _logits(model: Any, words: Any, images: NDArray[np.uint8], texts: Sequence[str]) -> torch.Tensor:
    tokens = words(list(texts), padding=True, return_tensors="pt")
    seen = model.get_image_features(pixel_values=normalized(images)).pooler_output
    said = model.get_text_features(tokens["input_ids"], tokens["attention_mask"]).pooler_output
    return model.logit_scale.exp() * functional.normalize(seen, dim=1) @ functional.normalize(said, dim=1).T


def _pace(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / _WARM_UP) * (0.5 + 0.5 * math.cos(math.pi * step / steps))

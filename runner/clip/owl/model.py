"""The model: turns pictures into patches, and words into queries that patches are compared with."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import AutoTokenizer
from transformers.image_processing_base import ImageProcessingMixin
from transformers.models.auto.configuration_auto import AutoConfig
from transformers.models.owlv2.modeling_owlv2 import Owlv2ForObjectDetection

from ..models import loading
from ..models.calibration import Calibration

log = logging.getLogger(__name__)
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
_BESIDE = 7  # numbers of a patch beside its vector: shift, scale, objectness, box


@dataclass(frozen=True, slots=True)
class Patches:
    """What the model sees in a picture, one row for each patch.

    `vectors` (of length 1) are compared with queries: (cosine + `shift`) × `scale` is the logit. `objectness` is a
    logit too. `boxes`: centre x and y, width, height, in 0..1 of the square.
    """

    vectors: Floats
    shift: Floats
    scale: Floats
    objectness: Floats
    boxes: Floats

    @classmethod
    def of(cls, rows: Floats) -> Patches:
        """From a picture's rows of `Owl.embed_images`."""
        return cls(rows[:, :-_BESIDE], rows[:, -7], rows[:, -6], rows[:, -5], rows[:, -4:])

    def logits(self, queries: Floats) -> Floats:
        """patches×queries."""
        return ((self.vectors @ queries.T + self.shift[:, None]) * self.scale[:, None]).astype(np.float32)


class Owl:
    """A loaded OWLv2, which threads may share. Pictures are `side`×`side` pixels.

    `digest` tells its weights from others: the commit of its repository, or a hash of the files.
    """

    def __init__(self, name: str, device: str = "auto", *, offline: bool = False) -> None:
        """`name` is a folder, or a repository of Hugging Face with an optional `@revision`. `offline`: never fetches.

        Raises ValueError if `name` is not an OWLv2 or the device does not exist, OSError if it cannot be loaded.
        """
        repository, at = loading.revised(name)
        self.name, self.device = repository, loading.device(device)
        self._dtype = torch.float16 if self.device.startswith("cuda") else torch.float32
        config = loading.load(AutoConfig, repository, offline=offline, **at)
        if config.model_type != "owlv2":
            raise ValueError(f"invalid OWL_MODEL={name!r}: expected an OWLv2, found a {config.model_type}")
        loaded = loading.load(Owlv2ForObjectDetection, repository, offline=offline, dtype=self._dtype, **at)
        self._model: Any = loaded.to(self.device).eval()
        self._tokenizer: Any = loading.load(AutoTokenizer, repository, offline=offline, **at)
        config = self._model.config
        self.side = int(config.vision_config.image_size)
        self.calibration = Calibration.of(name)
        self.digest = loading.digest(config, Path(repository))
        self._words = int(config.text_config.max_position_embeddings)
        options = ImageProcessingMixin.get_image_processor_dict(repository, local_files_only=offline, **at)[0]
        self._mean = loading.channels(options["image_mean"], self.device, self._dtype)
        self._std = loading.channels(options["image_std"], self.device, self._dtype)
        self._warm_up()

    def embed_images(self, squares: Pixels) -> Floats:
        """n×side×side×3 (RGB) to n×patches×numbers, as `Patches.of` takes them."""
        with torch.inference_mode():
            pixels = torch.from_numpy(squares).to(self.device).permute(0, 3, 1, 2).to(self._dtype)
            grid = self._model.image_embedder((pixels - self._mean) / self._std)[0]
            features = grid.flatten(1, 2)
            head = self._model.class_head
            rows = [
                functional.normalize(head.dense0(features).float(), dim=-1),
                head.logit_shift(features).float(),
                (head.elu(head.logit_scale(features)) + 1).float(),
                self._model.objectness_predictor(features)[..., None].float(),
                self._model.box_predictor(features, grid).float(),
            ]
            return torch.cat(rows, dim=-1).cpu().numpy()

    def embed_texts(self, texts: Sequence[str]) -> Floats:
        """One query per text, each of length 1. Cuts a text that is too long."""
        tokens = self._tokenizer(
            list(texts), padding="max_length", truncation=True, max_length=self._words, return_tensors="pt"
        )
        with torch.inference_mode():
            asked = {name: tokens[name].to(self.device) for name in ("input_ids", "attention_mask")}
            seen = self._model.owlv2.get_text_features(**asked).pooler_output
            return functional.normalize(seen.float(), dim=1).cpu().numpy()

    def _warm_up(self) -> None:
        """Makes the slow first call, so that no request has to."""
        rows = self.embed_images(np.zeros((1, self.side, self.side, 3), np.uint8))
        self.embed_texts(["a thing"])
        log.info("%s on %s: pictures of %d pixels, %d patches", self.name, self.device, self.side, rows.shape[1])

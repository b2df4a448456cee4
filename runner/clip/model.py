"""The model: embeds crops and texts into one space. Any CLIP or SigLIP that `from_pretrained` loads."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer
from transformers.image_processing_base import ImageProcessingMixin

from .models import loading
from .models.calibration import Calibration

log = logging.getLogger(__name__)
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Model:
    """A loaded model, which threads may share. Crops are `side`×`side` pixels; cosines are multiplied by `scale`.

    `digest` tells its weights from others: the commit of its repository, or a hash of the files.
    """

    def __init__(self, name: str, device: str = "auto", *, offline: bool = False) -> None:
        """`name` is a folder, or a repository of Hugging Face with an optional `@revision`. `offline`: never fetches.

        Raises ValueError if `name` is not a CLIP or the device does not exist, OSError if the model cannot be loaded.
        """
        repository, at = loading.revised(name)
        self.name, self.device = repository, loading.device(device)
        self._dtype = torch.float16 if self.device.startswith("cuda") else torch.float32
        loaded = loading.load(AutoModel, repository, offline=offline, dtype=self._dtype, **at)
        self._model: Any = loaded.to(self.device).eval()
        if not (hasattr(self._model, "get_image_features") and hasattr(self._model, "logit_scale")):
            raise ValueError(f"invalid model {name!r}: expected a CLIP or SigLIP, found {type(self._model).__name__}")
        self._tokenizer: Any = loading.load(AutoTokenizer, repository, offline=offline, **at)
        config = self._model.config
        self.side = int(config.vision_config.image_size)
        self.scale = float(self._model.logit_scale.detach().exp())
        self.calibration = Calibration.of(name)
        self.digest = loading.digest(config, Path(repository))
        self._words = int(config.text_config.max_position_embeddings)
        # SigLIP was trained on padded texts only.
        self._padding: Any = "max_length" if "siglip" in config.model_type else True
        options = ImageProcessingMixin.get_image_processor_dict(repository, local_files_only=offline, **at)[0]
        self._mean = loading.channels(options["image_mean"], self.device, self._dtype)
        self._std = loading.channels(options["image_std"], self.device, self._dtype)
        self._warm_up()

    def embed_images(self, crops: Pixels) -> Floats:
        """n×side×side×3 (RGB) to n×d, each of length 1."""
        with torch.inference_mode():
            pixels = torch.from_numpy(crops).to(self.device).permute(0, 3, 1, 2).to(self._dtype)
            return _unit(self._model.get_image_features(pixel_values=(pixels - self._mean) / self._std))

    def embed_texts(self, texts: Sequence[str]) -> Floats:
        """One row per text, each of length 1. Cuts a text that is too long."""
        tokens = self._tokenizer(
            list(texts), padding=self._padding, truncation=True, max_length=self._words, return_tensors="pt"
        )
        with torch.inference_mode():
            return _unit(self._model.get_text_features(**{name: part.to(self.device) for name, part in tokens.items()}))

    def _warm_up(self) -> None:
        """Makes the slow first call, so that no request has to."""
        size = self.embed_images(np.zeros((1, self.side, self.side, 3), np.uint8)).shape[1]
        self.embed_texts(["a logo"])
        log.info("%s on %s: crops of %d pixels, %d numbers each", self.name, self.device, self.side, size)


def _unit(features: Any) -> Floats:
    """Normalises the features. Older models return them, newer ones an object that holds them."""
    rows = getattr(features, "pooler_output", features).float()
    return functional.normalize(rows, dim=1).cpu().numpy()

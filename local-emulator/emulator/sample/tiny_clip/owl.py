"""Makes a tiny OWLv2 with random weights, in Hugging Face's format: for tests and for the local stack.

    python -m emulator.sample.tiny_clip.owl --words FOLDER --out FOLDER

Its tokenizer is that of the model in `--words`. It finds nothing in particular: code that loads it, and turns pictures
and words into boxes, runs as with a real one, and is compared with the library's own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer
from transformers.models.owlv2.configuration_owlv2 import Owlv2Config
from transformers.models.owlv2.image_processing_pil_owlv2 import Owlv2ImageProcessorPil
from transformers.models.owlv2.modeling_owlv2 import Owlv2ForObjectDetection

SIDE = 96
_PATCH, _WORDS, _SEED = 16, 16, 5
_WIDTH = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 2}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="emulator.sample.tiny_clip.owl", description=__doc__)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    tokenizer: Any = AutoTokenizer.from_pretrained(given.words, model_max_length=_WORDS)
    torch.manual_seed(_SEED)
    made = model(len(tokenizer))
    made.half().save_pretrained(given.out)
    tokenizer.save_pretrained(given.out)
    Owlv2ImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(given.out)


def model(vocabulary: int) -> Owlv2ForObjectDetection:
    """Untrained; spread so that patches and words differ, while boxes stay about as large as a patch."""
    tokens = {"vocab_size": vocabulary, "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    text = {**_WIDTH, **tokens, "max_position_embeddings": _WORDS}
    vision = {**_WIDTH, "image_size": SIDE, "patch_size": _PATCH}
    made = Owlv2ForObjectDetection(Owlv2Config(text_config=text, vision_config=vision, projection_dim=32))
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if weight.ndim > 1:
                spread = 0.1 if name.startswith(("box_head.dense2", "class_head.logit")) else 1.0
                weight.copy_(torch.randn_like(weight) * spread * weight[0].numel() ** -0.5)
        made.class_head.logit_scale.bias.fill_(4.0)  # from a cosine to a logit
    return made


if __name__ == "__main__":
    main()

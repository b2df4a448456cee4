"""The tiny CLIP: a ViT and a text transformer of 128 numbers a token, and a tokenizer of a few hundred pieces."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, PreTrainedTokenizerFast

SIDE = 60  # pixels of a crop
PATCH = 12
WIDTH = 128
WORDS = 32  # tokens of a text, at most
_PIECES = 320
_START, _END = "<|startoftext|>", "<|endoftext|>"


def tokenizer(texts: Iterable[str]) -> Any:
    """Byte pairs learned from `texts`, lower case; words that are not among them come in shorter pieces."""
    pairs = Tokenizer(models.BPE())
    pairs.normalizer = normalizers.Lowercase()
    pairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    pairs.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_PIECES,
        special_tokens=[_START, _END],
        initial_alphabet=[*"abcdefghijklmnopqrstuvwxyz0123456789'&.-", "Ġ"],
        show_progress=False,
    )
    pairs.train_from_iterator(texts, trainer)
    pairs.post_processor = processors.TemplateProcessing(
        single=f"{_START} $A {_END}", special_tokens=[(_START, 0), (_END, 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=pairs, bos_token=_START, eos_token=_END, pad_token=_END, model_max_length=WORDS
    )


def model(vocabulary: int) -> CLIPModel:
    """Untrained. 0.7 million parameters."""
    shape = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_attention_heads": 4, "projection_dim": 64}
    text = {
        "vocab_size": vocabulary,
        "intermediate_size": WIDTH,
        "max_position_embeddings": WORDS,
        "num_hidden_layers": 1,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 1,
    }
    vision = {"image_size": SIDE, "patch_size": PATCH, "num_hidden_layers": 4}
    config = CLIPConfig(text_config=shape | text, vision_config=shape | vision, projection_dim=64)
    return CLIPModel(config)


def load(folder: Path) -> tuple[Any, CLIPModel]:
    """A tokenizer and a model that were saved."""
    words = PreTrainedTokenizerFast.from_pretrained(folder)
    return words, CLIPModel.from_pretrained(folder, dtype=torch.float32)


def save(folder: Path, trained: CLIPModel, words: Any) -> None:
    """As `from_pretrained` reads it, in half precision."""
    trained.half().save_pretrained(folder)
    words.save_pretrained(folder)
    processor = CLIPImageProcessorPil(
        size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}, do_convert_rgb=True
    )
    processor.save_pretrained(folder)

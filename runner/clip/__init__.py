"""The CLIP service: names the brands in pictures from their prompts alone, with boxes.

    request -> requests -> proposals (regions) -> batcher -> model -> detect (classes, calibration, one box per place)

Any CLIP or SigLIP of Hugging Face serves, by name or path (`CLIP_MODEL`).
"""

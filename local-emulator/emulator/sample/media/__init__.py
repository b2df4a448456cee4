"""The sample clip, its ground truth and the reference marks: made once, from real footage, the same every time.

    python -m emulator.sample.media --out .local/media [--marks N] [--sheet PNG]

writes `sample.mp4`, `sample.truth.json`, `marks/marks.json` and `marks/{brand}/{black,color}.png`.
"""

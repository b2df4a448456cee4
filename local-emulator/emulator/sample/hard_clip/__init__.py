"""A second clip, for `make demo`: marks as they are in broadcasts, which the product's own matcher finds hard.

    python -m emulator.sample.hard_clip --out .local/hard

The emulator of Cloud Vision, the gallery and `local` are one matcher, and hold the very drawings that the sample clip
shows: on that clip it is compared with itself. Here marks are turned away, hidden in part, smeared, tilted, tiny or
faint, so that it misses some, and the demo says which. The sample clip stays as it is, because its truth is what tests
of tracks, boxes and reports are held against.
"""

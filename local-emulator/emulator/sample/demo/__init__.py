"""Streams a clip once, in real time, through the whole stack, and holds what came out against what went in.

    python -m emulator.sample.demo [--clip PATH] [--seconds N] [--stack NAME]

writes `.local/demo.json`. Exit status 0 only if every segment was sampled, every frame analysed, and nothing failed.
"""

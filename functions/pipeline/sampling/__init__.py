"""Sampling: decodes a segment once, looks at it a few times a second, and lets the gate choose frames to analyse."""

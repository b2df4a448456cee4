"""Trains the judge of the logo matcher on marks and pictures of the tuning part: `python -m tests.eval.training`."""

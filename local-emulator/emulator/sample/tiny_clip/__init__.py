"""Trains a tiny CLIP on a few brands' marks, from nothing, in minutes on a CPU: for tests and for the local stack."""

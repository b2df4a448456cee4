"""Trains a tiny CLIP on a few brands' marks, from nothing, in minutes on a CPU, and makes a tiny OWLv2 that learned
nothing: for tests and for the local stack."""

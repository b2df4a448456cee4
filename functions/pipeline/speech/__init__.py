"""Transcription of the speech in a segment, word by word."""

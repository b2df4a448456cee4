"""What is said: transcripts of segments, and how far final ones have come."""

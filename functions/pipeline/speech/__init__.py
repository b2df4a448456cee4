"""`transcribe`: what is said in a segment, word by word."""

"""Rules: what is to be told of what is seen, evaluated from stored results."""

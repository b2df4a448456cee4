"""Sample material for a stack: the clip with its ground truth, brands, streams, and the demo that sends them."""

"""From a segment to the few frames worth analysing: decode once, look a few times a second, let the gate choose."""

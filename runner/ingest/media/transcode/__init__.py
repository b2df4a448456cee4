"""Makes what browsers play of other codecs: H.264 in 8 bits and AAC."""

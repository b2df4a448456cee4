"""NanoDet's weights for the product, made once: `convert.py` says how, and what becomes of them."""

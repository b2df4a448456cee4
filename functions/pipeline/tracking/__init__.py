"""Follows what two looks have found through the pictures between them."""

"""Service accounts and keys."""

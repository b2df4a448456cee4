"""Origins that browsers call beside this one: Cloud Storage and Firestore, or their emulators."""

from __future__ import annotations

import os


def storage() -> str:
    """Origin of Cloud Storage."""
    return os.environ.get("STORAGE_EMULATOR_HOST", "https://storage.googleapis.com").rstrip("/")


def firestore() -> str:
    """Origin of Firestore."""
    emulator = os.environ.get("FIRESTORE_EMULATOR_HOST")
    return f"http://{emulator}" if emulator else "https://firestore.googleapis.com"

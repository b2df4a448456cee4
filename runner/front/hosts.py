"""Origins that browsers call beside this one: Cloud Storage, Firestore and Firebase Auth, or their emulators."""

from __future__ import annotations

import os

from .settings import front


def storage() -> str:
    """Origin of Cloud Storage."""
    return os.environ.get("STORAGE_EMULATOR_HOST", "https://storage.googleapis.com").rstrip("/")


def firestore() -> str:
    """Origin of Firestore. A local stack has a door for browsers before its emulator."""
    emulator = front().firestore_browser_host or os.environ.get("FIRESTORE_EMULATOR_HOST")
    return f"http://{emulator}" if emulator else "https://firestore.googleapis.com"


def auth() -> tuple[str, ...]:
    """Origins of Firebase Auth: to sign in, and to renew tokens."""
    emulator = os.environ.get("FIREBASE_AUTH_EMULATOR_HOST")
    if emulator:
        return (f"http://{emulator}",)
    return ("https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com")

"""Google's own Pub/Sub and Firestore emulators: found, or downloaded once, and the command that runs each."""

from .commands import EXITS, ClassArchive, firestore, pubsub

__all__ = ["EXITS", "ClassArchive", "firestore", "pubsub"]

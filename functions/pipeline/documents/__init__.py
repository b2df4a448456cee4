"""Documents in Firestore; no other package knows their fields. See docs/contracts.md."""

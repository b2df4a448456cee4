"""Documents in Firestore: the only place that knows their fields. See docs/contracts.md."""

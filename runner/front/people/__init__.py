"""People at the front door: who calls, what they may see, and how long their sessions last."""

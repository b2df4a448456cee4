"""What a session's documents add up to: how long and how large each brand was on the screen, and what that cost.

Everything here is pure; what reads the documents is `pipeline.documents.results`. The rules are written down in
docs/exposure.md and docs/costs.md.
"""

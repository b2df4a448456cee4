"""Reports of a session: how long and how large each brand was on the screen, and the cost of finding out.

Everything here is pure; `pipeline.documents.results` reads the documents. docs/exposure.md and docs/costs.md have the
rules.
"""

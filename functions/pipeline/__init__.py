"""The library that the functions and the services share.

It imports no other package of this repository. Its rooms, from the bottom up: `domain`, then `cloud` and `reports`,
`documents`, `sessions`, one room for each function, and `maintenance`. import-linter holds the order (pyproject.toml).
"""

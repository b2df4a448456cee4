"""Indexes and rights, which Firestore demands for each call and its emulator does not.

`indexes` knows the rules; `record` notes the queries that a process issues and the documents that it writes. The tests
compare the two (tests/lint/queries.py): a query whose index is not declared fails the test that issued it.
`permits` refuses the calls of a process to databases that its
account has no right to.
"""

"""Indexes, which Firestore demands for each query and its emulator does not.

`indexes` knows the rules; `record` notes the queries that a process issues and the documents that it writes. The tests
compare the two (tests/lint/queries.py): a query whose index is not declared fails the test that issued it.
"""

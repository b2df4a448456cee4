"""What Firestore demands of queries and its emulator does not: an index behind each one.

`indexes` knows the rules, `record` notes which queries a process issues and which documents it writes. The tests put
both together (tests/lint/queries.py): a query whose index is not declared fails the test that issued it.
"""

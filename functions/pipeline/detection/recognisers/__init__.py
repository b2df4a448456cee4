"""Recognisers that run on one CPU core, in this process: objects, faces and lines of text.

Each is safe to call from several threads, and loads its model when it is first asked. The marks of brands are found by
`logos`.
"""

"""How well, and how fast, marks are found: `make eval`. Scenes are made here, from seeds; see scenes.py and marks.py.

What is tuned on and what is reported are apart: marks and pictures are split by a hash of their names.
"""

"""Damaged, foreign and spliced input: no crash, no hang, bounded memory, a clear refusal or a clean end.

Short and the same each time in CI; `make fuzz SECONDS=n` goes on with fresh seeds. An input that fails is kept in
.local/fuzz/, and the failure says how to repeat it.
"""

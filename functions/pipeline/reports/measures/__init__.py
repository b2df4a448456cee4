"""What a sponsor's report measures of a brand: one measure a file, one line of `table.MEASURES` each.

Pure, like all of `reports`. A measure is a fold over moments: pieces of time for which a brand is known to be on the
screen. docs/exposure.md has the formulas.
"""

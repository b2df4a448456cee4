"""Sponsors' reports as files: on paper, and as a workbook."""

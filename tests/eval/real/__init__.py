"""Marks as they are in broadcasts: at an angle, partly hidden, blurred, turned, curved, dark, faint, tiny, alike."""

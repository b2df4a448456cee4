"""Waiting in the page for what it draws."""

from __future__ import annotations

# The page's security policy forbids the eval of wait_for_function.
WITH_RESULTS = """() => new Promise((go, fail) => {
    setTimeout(() => fail(new Error('no frame with a result was shown')), 150000)
    document.addEventListener('overlay-drawn', ({ detail }) => {
        if (detail.moment.status === 'covered' && detail.boxes.some(({ kind }) => kind === 'logo')) {
            go(detail.boxes.filter(({ kind }) => kind === 'logo').map(({ label }) => label))
        }
    })
})"""

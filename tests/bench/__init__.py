"""Speed: each bench_*.py yields rows that put our number beside a peer's or a limit's, measured in the same run."""

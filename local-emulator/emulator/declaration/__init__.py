"""The declaration in infra/: evaluated, checked, and realised on this machine."""

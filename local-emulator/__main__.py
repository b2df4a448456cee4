"""`python local-emulator COMMAND`: the local stack, from any folder, with any Python; `--help` lists the commands."""

import os
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
venv = root / ".venv"
if (venv / "bin" / "python").exists() and Path(sys.prefix).resolve() != venv.resolve():
    python = str(venv / "bin" / "python")
    os.execv(python, [python, *sys.argv])  # what the stack imports is installed there

sys.path += [str(root / "functions"), str(root / "runner")]  # the stack shares modules with both
from emulator.cli import main  # noqa: E402 - only with that Python

sys.exit(main())

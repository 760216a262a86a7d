"""Start Qhatu on this machine: see ``python run.py --help``.

This file must be understood by every Python, so that an old one gets to say what it lacks.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one reads the sentence below
    sys.stderr.write(
        "Qhatu needs Python 3.11 or newer, and this is %d.%d (%s).\n"  # noqa: UP031 - old Pythons
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
    sys.exit(2)

if sys.argv[1:] == ["--check-python"]:  # for the Makefile, before there is a .venv
    sys.exit(0)

from app.local.cli import main

if __name__ == "__main__":
    sys.exit(main())

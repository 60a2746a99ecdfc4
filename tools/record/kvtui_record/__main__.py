"""`python -m kvtui_record`."""

import sys

from .cli import main

sys.exit(main())

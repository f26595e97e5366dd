"""What the fund is asked, and how a question finds its answer: French, Arabic, Darija in both scripts, typos and all."""

import os

# Before numpy is loaded anywhere: its threads would spin on the cores that turns need, for a training of a few tenths of a second.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

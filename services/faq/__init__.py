"""What the fund is asked, and how a question finds its answer: French, Arabic, Darija in both scripts, typos and all."""

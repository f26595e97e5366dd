"""The crash test: scripted people talk to the real bot while it is killed, and afterwards nothing is missing and nothing is double.

`python -m tests.crash` runs it at any length (`--help`); `test_crash.py` is the short form of every check-in. What happens:
    folk.py      the fund's members: who they are, what they type
    people.py    their conversations: state machines driven by what their chats show, with impatience and double presses
    bots.py      the bot's processes (`rafiq run`, started by launcher.py) behind a balancer of our own
    nemesis.py   SIGKILL, SIGTERM, SIGSTOP and cut database connections, at seeded moments
    run.py       one run: faults, then healing, then draining
    audit.py     what must hold then (SECURITY 4.3), read from the database, the playground, the logs and the files
    mutants.py   bots that lack one safeguard: the audit must find each of them out
"""

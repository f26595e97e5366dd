"""A registration of eight answers, the same for Rafiq and for its peers: `python -m benchmarks.registration --help`."""

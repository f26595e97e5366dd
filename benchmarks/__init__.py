"""Figures about Rafiq beside its peers; docs/performance.md shows how to run them and what came out."""

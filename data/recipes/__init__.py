"""The build step: computes every file of data/ from the publishers' releases in ../shared/data."""

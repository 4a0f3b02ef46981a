"""The publishers' files: found, checked against their checksums, read."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd


class SourceError(ValueError):
    """A source file is missing or is not the file the checksums list; the message is one sentence."""


class Sources:
    """The folder of releases (`../shared/data`); every file is compared with `SHA256SUMS` before it is read."""

    def __init__(self, root):
        self.root = Path(root)
        listing = self.root / "SHA256SUMS"
        if not listing.is_file():
            raise SourceError(
                f"The publishers' releases are not in {self.root}: SHA256SUMS is missing; "
                "put the folder shared/data beside the project or name it with --sources."
            )
        lines = (line.split(maxsplit=1) for line in listing.read_text(encoding="utf-8").splitlines() if line)
        self._sums = {path.strip().removeprefix("./"): digest for digest, path in lines}

    def path(self, name):
        """The checked path of `name`, relative to the folder of releases."""
        path = self.root / name
        if name not in self._sums:
            raise SourceError(f"{name} is not listed in SHA256SUMS of the releases; check the file's name.")
        if not path.is_file():
            raise SourceError(f"{name} is missing from the releases; copy the folder shared/data again.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != self._sums[name]:
            raise SourceError(f"{name} is not the file that SHA256SUMS lists; copy the folder shared/data again.")
        return path

    def csv(self, name, **options):
        return pd.read_csv(self.path(name), **options)

    def arrays(self, name):
        with np.load(self.path(name)) as archive:
            return {key: archive[key] for key in archive.files}

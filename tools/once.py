"""A plugin of pytest: each notebook is run once, as `make refresh` runs it, and judged twice.

nbval compares the outputs of that run with the stored ones, cell by cell and strictly; then the whole file is
compared byte by byte, widgets' state included, which nbval does not see. It runs by numpy's oldest code path where this
machine has it, and with linear algebra slightly wrong: what is stored must be the same on every processor. Plain
`pytest --nbval` runs a notebook itself.
"""

import functools
from difflib import unified_diff
from itertools import islice
from queue import Empty

import notebooks
import pytest
import same
from nbclient import NotebookClient
from nbval.plugin import IPyNbFile


@functools.cache
def farthest() -> dict[str, str]:
    """The way of computing that is farthest from the one by which outputs were stored."""
    return {**(same.environment("oldest") or {}), **same.PATHS["perturbed"]}


class Recorder(NotebookClient):
    """Runs a notebook and keeps what the kernel sent for each cell."""

    sent: dict[int, list[dict]]

    def __init__(self, *arguments, **traits):
        super().__init__(*arguments, **traits)
        self.sent = {}

    def process_message(self, msg, cell, cell_index):
        self.sent.setdefault(cell_index, []).append(msg)
        return super().process_message(msg, cell, cell_index)


class Replay:
    """Stands where nbval has its running kernel: answers with what was recorded, in the order of the cells."""

    _now: list[dict]

    def __init__(self, path):
        self.client = notebooks.client_for(path, Recorder, allow_errors=True)
        notebooks.execute(self.client, **farthest())
        self._left = [self.client.sent.get(place, []) for place, cell in enumerate(self.client.nb.cells) if runs(cell)]
        self._now = []

    def execute_cell_input(self, source, allow_stdin=None):
        if not source.strip():  # not sent to the kernel: it would be busy and idle, and say nothing
            self._now = [{"msg_type": "status", "content": {"execution_state": "idle"}, "parent_header": {}}]
            return None
        self._now = list(self._left.pop(0))
        return self._now[0]["parent_header"]["msg_id"]

    def await_reply(self, msg_id, timeout=None):
        """The run is over: every reply is there."""

    def await_idle(self, parent_id, timeout):
        """Likewise."""

    def get_message(self, stream, timeout=None):
        if not self._now:
            raise Empty
        return self._now.pop(0)

    def is_alive(self) -> bool:
        return True

    def stop(self):
        """The kernel has ended with the run."""


def runs(cell) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


class RunOnce(IPyNbFile):
    def setup(self):
        self.kernel = Replay(self.path)
        self.setup_sanitize_files()

    def collect(self):
        yield from super().collect()
        yield StoredBytes.from_parent(self, name="stored bytes")


class Differs(Exception):
    """The first lines of the difference."""


class StoredBytes(pytest.Item):
    """The file is, byte for byte, what the run would store."""

    def runtest(self):
        stored = self.path.read_text(encoding="utf-8").splitlines()
        ran = notebooks.stable(self.parent.kernel.client.nb, self.path.stem).splitlines()
        if ran != stored:
            difference = islice(unified_diff(stored, ran, "stored", "run", lineterm="", n=1), 30)
            raise Differs("\n".join(line[:200] for line in difference))

    def repr_failure(self, excinfo):
        if not isinstance(excinfo.value, Differs):
            return super().repr_failure(excinfo)
        advice = "read the difference, then run `make refresh`; if it stays, `make same` says by which path"
        return f"What is stored is not what runs: {advice}.\n{excinfo.value}"

    def reportinfo(self):
        return self.path, 0, f"{self.path.stem}::stored bytes"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    found = yield
    return [RunOnce.from_parent(parent, path=file_path) if isinstance(one, IPyNbFile) else one for one in found]

"""A machine with Python and make only: what is not tested there is said, in README too, and the book can be served."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import programs
from conftest import ROOT
from kits import heard, press


def test_readme_names_each_program_that_is_not_pythons():
    rows = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for one in (programs.BROWSER, *programs.OTHERS):
        said = (f"| {one.name}", f"| {one.untested}", f"| `sudo apt install {one.debian}` |")
        assert any(all(part in line for part in said) for line in rows), one.name


def test_a_program_that_is_missing_is_one_line_with_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = programs.lines(has_browser=False)
    assert len(found) == len(programs.OTHERS) + 1
    assert (
        "Without JupyterHub's proxy, this was not tested: a class under JupyterHub. To install it: npm install"
        in found[1]
    )
    for name in ("apt-get", *(command for one in programs.OTHERS for command in one.commands)):
        (tmp_path / name).touch(mode=0o755)
    assert programs.lines(has_browser=True) == []
    [line] = programs.lines(has_browser=False)
    assert line.endswith("To install it: sudo apt install chromium-headless-shell fonts-dejavu-core")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not [line for line in programs.lines(has_browser=True) if "bubblewrap" in line]


def test_the_book_is_served_at_another_port_if_its_own_is_taken(tmp_path):
    (tmp_path / "index.html").write_text("the book")
    script = (
        "import sys, pathlib, book; book.PAGES = pathlib.Path(sys.argv[1]); import serve; serve.main(int(sys.argv[2]))"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), str(port)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            said = heard(process, "Keep this window open")
            assert f"Port {port} is taken by another program, so the book has port" in said
            address = next(word for word in said.split() if word.startswith("http://"))
            with urllib.request.urlopen(address) as page:
                assert page.read() == b"the book"
        finally:
            press(process, signal.SIGKILL)
            process.wait()

"""The built book at an address of this machine, for reading it as a web site."""

import argparse
import functools
import http.server
import sys
from http import HTTPStatus

from book import PAGES
from lab import free_port


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *ignored: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The book's own page for an address that leads nowhere, as a host of sites shows it."""
        page = PAGES / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def main(first: int = 8000) -> None:
    if not (PAGES / "index.html").is_file():
        sys.exit("There are no pages to serve yet: run `make book` first.")
    port = free_port(first)
    if port != first:
        print(f"Port {first} is taken by another program, so the book has port {port}.")
    handler = functools.partial(Quiet, directory=str(PAGES))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)  # it listens before its address is said
    print(
        f"\nThe book is at http://127.0.0.1:{port}\n\nKeep this window open while you read; Ctrl+C ends it.", flush=True
    )
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("port", nargs="?", type=int, default=8000, help="the first to try (8000)")
    main(asked.parse_args().port)

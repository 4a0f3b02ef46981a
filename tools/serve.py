"""The built book at an address of this machine, for reading it as a web site."""

import functools
import http.server
import sys

from book import PAGES
from lab import free_port


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *ignored) -> None:
        pass


def main(first: int = 8000) -> None:
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
    main(*map(int, sys.argv[1:]))

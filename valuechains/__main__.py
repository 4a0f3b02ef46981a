"""`python -m valuechains` is the command line of the course."""

import sys


def main() -> int:
    try:
        from valuechains.course.cli import app
    except ModuleNotFoundError:
        print(
            "This copy of the library is a student's: the course's command line is in the whole project.",
            file=sys.stderr,
        )
        return 1
    app()
    return 0


if __name__ == "__main__":
    sys.exit(main())

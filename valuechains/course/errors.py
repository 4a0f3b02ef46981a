"""What a course says when something of it is not as it should be."""


class CourseError(ValueError):
    """The message says in a sentence what, where, and what to do."""

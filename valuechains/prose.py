"""Numbers for the prose: computed in a cell, named once, printed wherever the text asks for {glue:text}`name`."""

from IPython.display import display

_PREFIX = "application/papermill.record/"  # MyST-NB's mark for what is glued and not shown


def quote(**numbers: str) -> None:
    """Give computed numbers, already formatted as they shall read, to the text of this page.

    ``quote(china="36.8%")`` lets the text say ``{glue:text}`china```. The number is stored with the cell's
    outputs, so a changed number shows in the text, in the stored notebook and in its test.

    Raises
    ------
    ValueError
        If a number is not text, or reads "nan": the text must not print a gap as if it were a value.
    """
    for name, text in numbers.items():
        if not isinstance(text, str):
            raise ValueError(
                f"{name} is {type(text).__name__}, not text: format it as it shall read, for example f'{{x:.1f}}'."
            )
        if "nan" in text.lower().split() or text.lower() == "nan%":
            raise ValueError(f"{name} reads {text!r}: the number is missing, so the text cannot quote it.")
        # MyST-NB reads the text as a Python literal, so it goes in quotes: 0.010 must not come out as 0.01
        display(
            {_PREFIX + "text/plain": repr(text)},
            raw=True,
            metadata={"scrapbook": {"name": name, "mime_prefix": _PREFIX}},
        )

"""Moving the controls of a twin by keyboard, on the page and in JupyterLab."""


def keys(control, now, value) -> list[str]:
    """The fewest keys that bring a control from one value to another."""
    back, forth = ("ArrowUp", "ArrowDown") if control.kind == "select" else ("ArrowLeft", "ArrowRight")
    start, end, last = control.values.index(now), control.values.index(value), len(control.values) - 1
    by = end - start
    ways = [[forth] * by or [back] * -by, ["Home"] + [forth] * end, ["End"] + [back] * (last - end)]
    return min(ways, key=len)

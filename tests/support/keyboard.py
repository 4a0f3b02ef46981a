"""Moving the controls of a twin by keyboard, on the page and in JupyterLab, and where to."""


def last(twin) -> dict:
    """The last setting of every control that the others offer."""
    setting = twin.settings()
    for name, control in twin.controls.items():
        setting[name] = [*control.offered(setting)][-1]
    return setting


def by_chance(twin, lot) -> dict:
    """A setting by lot."""
    return twin.fitting({name: lot.choice(control.values) for name, control in twin.controls.items()})


def moves(twin, now: dict, goal: dict):
    """Each control that moves, where it ends, and its keys; one whose options hang on a control that moves is first
    brought to its start, which is always offered."""
    now = dict(now)
    free = {name: twin.controls[name].start for name in goal if hasattr(twin.controls[name], "of")}
    for name, value in [*free.items(), *goal.items()]:
        control = twin.controls[name]
        yield name, value, keys([*control.offered(now)], control.kind, now[name], value)
        now[name] = value


def keys(offered: list, kind: str, now, value) -> list[str]:
    """The fewest keys that bring a control from one value to another."""
    back, forth = ("ArrowUp", "ArrowDown") if kind == "select" else ("ArrowLeft", "ArrowRight")
    start, end, last = offered.index(now), offered.index(value), len(offered) - 1
    by = end - start
    ways = [[forth] * by or [back] * -by, ["Home"] + [forth] * end, ["End"] + [back] * (last - end)]
    return min(ways, key=len)

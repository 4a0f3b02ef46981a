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


def moves(twin, now: dict, goal: dict, by_pages: bool = False):
    """Each control that moves, where it ends, and its keys. A list that hangs on another control is gone through from
    its head, since it may have changed on the way; one that changes nothing waits for the others, or stays as it is.
    by_pages: keys of pages too, each a tenth of a slider's way, as browsers have it and JupyterLab's sliders do not."""
    now, waiting = dict(now), dict(goal)
    while awake := [name for name in waiting if name not in twin.idle(**twin.fitting(now))]:
        name, value = awake[0], waiting.pop(awake[0])
        control = twin.controls[name]
        offered = [*control.offered(now)]
        if hasattr(control, "of"):
            yield name, value, ["Home"] + ["ArrowDown"] * offered.index(value)
        else:
            yield name, value, keys(offered, now[name], value, control.kind, by_pages)
        now[name] = value


def keys(offered: list, now, value, kind: str, by_pages: bool) -> list[str]:
    """The fewest keys that bring a control from one value to another."""
    back, forth = ("ArrowUp", "ArrowDown") if kind == "select" else ("ArrowLeft", "ArrowRight")
    start, end, last = offered.index(now), offered.index(value), len(offered) - 1
    page = last // 10 if by_pages and kind == "range" and last and last % 10 == 0 else last + 1

    def go(by: int) -> list[str]:
        pages, rest = divmod(abs(by), page)
        return ["PageUp" if by > 0 else "PageDown"] * pages + [forth if by > 0 else back] * rest

    return min(go(end - start), ["Home", *go(end)], ["End", *go(end - last)], key=len)

"""What a build has made beside it: made once, whole or not at all, anew when what it is made from changes."""

import os
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from valuechains.book import site, workshop
from valuechains.course import zips


def shout(text: str, diary: str) -> dict[str, bytes]:
    """Makes a file, and notes in a diary that it did."""
    with open(diary, "a", encoding="utf-8") as notes:
        notes.write(f"{text} by {os.getpid()}\n")
    return {"loud": text.upper().encode()}


def stumble(text: str) -> dict[str, bytes]:
    raise ValueError(f"no {text} today")


@pytest.fixture
def diary(tmp_path, monkeypatch):
    monkeypatch.setattr(workshop, "KEPT", tmp_path / "made")
    return str(tmp_path / "diary")


def made(diary: str) -> list[str]:
    return [line.split(" by ")[0] for line in Path(diary).read_text(encoding="utf-8").splitlines()]


def test_what_is_ordered_again_is_made_once(diary):
    for _ in range(3):
        workshop.order(shout, "tea", diary)
    for _ in range(2):
        assert (workshop.take(shout, "tea", diary) / "loud").read_bytes() == b"TEA"
    assert made(diary) == ["tea"]


def test_it_is_made_beside_the_build(diary):
    orders = [f"cup {number}" for number in range(6)]
    for text in orders:
        workshop.order(shout, text, diary)
    assert [(workshop.take(shout, text, diary) / "loud").read_text() for text in orders] == [o.upper() for o in orders]
    by = {line.split(" by ")[1].strip() for line in Path(diary).read_text(encoding="utf-8").splitlines()}
    assert by - {str(os.getpid())}
    assert sorted(made(diary)) == orders


def test_another_input_or_a_lost_folder_is_made_anew(diary):
    first = workshop.take(shout, "tea", diary)
    assert workshop.take(shout, "coffee", diary) != first
    (first / "loud").unlink()
    first.rmdir()
    assert (workshop.take(shout, "tea", diary) / "loud").read_bytes() == b"TEA"
    assert made(diary) == ["tea", "coffee", "tea"]


def test_what_a_clone_has_stored_is_taken_unless_it_was_made_from_something_else(diary, monkeypatch, tmp_path):
    monkeypatch.setattr(workshop, "STORED", tmp_path / "stored")
    (tmp_path / "stored").mkdir()
    made_from = {"now": ("tea", diary), "before": ("coffee, once", diary)}
    for when, inputs in made_from.items():
        content = {"loud": when.encode(), workshop.DIGEST: workshop.key(shout, *inputs).encode()}
        (tmp_path / "stored" / f"{when}.zip").write_bytes(zips.zipped(content.items()))
    workshop.stored_by_key.cache_clear()
    assert (workshop.take(shout, "tea", diary) / "loud").read_bytes() == b"now"
    assert (workshop.take(shout, "coffee", diary) / "loud").read_bytes() == b"COFFEE"
    assert made(diary) == ["coffee"]
    workshop.stored_by_key.cache_clear()


def test_changed_code_or_another_library_is_made_anew(diary, monkeypatch):
    keys = {workshop.key(shout, "tea")}
    for change in ("code", "library"):
        monkeypatch.setattr(workshop, "_made_with", lambda module, change=change: change)
        keys.add(workshop.key(shout, "tea"))
    assert len(keys) == 3


def test_a_maker_that_fails_says_so_and_leaves_nothing(diary):
    with pytest.raises(ValueError, match="no tea today"):
        workshop.take(stumble, "tea")
    assert list(workshop.KEPT.glob("*")) == []


def test_what_no_build_took_for_a_month_goes(diary):
    old, new = workshop.take(shout, "old", diary), workshop.take(shout, "new", diary)
    os.utime(old, (0, 0))
    workshop.tidy()
    assert not old.exists() and new.is_dir()
    os.utime(new, (0, 0))
    workshop.take(shout, "new", diary)
    workshop.tidy()
    assert new.is_dir()


def test_helpers_that_were_let_go_are_not_missed(diary):
    """A build that was forked ends when its helpers have; the next one finds others."""
    for text in ("tea", "coffee"):
        assert (workshop.take(shout, text, diary) / "loud").read_text(encoding="utf-8") == text.upper()
        workshop.close()
        workshop.close()
        assert workshop._helpers.cache_info().currsize == 0
    assert made(diary) == ["tea", "coffee"]


def test_a_build_lets_its_helpers_go_when_it_has_ended(diary):
    """An edition is built in a process that was forked, which would wait for them for ever."""
    app = MagicMock()
    site.setup(app)
    ends = [call for call in app.connect.call_args_list if call.args[0] == "build-finished"]
    workshop.take(shout, "tea", diary)
    for call in sorted(ends, key=lambda call: call.kwargs.get("priority", 500))[-1:]:
        call.args[1](app, None)
    assert workshop._helpers.cache_info().currsize == 0

"""Numbers given to the prose are stored with the notebook and refuse gaps."""

import pytest

from valuechains import prose


def test_quote_stores_what_myst_nb_reads(monkeypatch):
    shown = []
    monkeypatch.setattr(prose, "display", lambda data, **options: shown.append((data, options["metadata"])))
    prose.quote(china="36.8%")
    assert shown == [
        (
            {"application/papermill.record/text/plain": "'36.8%'"},
            {"scrapbook": {"name": "china", "mime_prefix": "application/papermill.record/"}},
        )
    ]


@pytest.mark.parametrize("value", [36.8, None, f"{float('nan'):.1f}", f"{float('nan'):.1%}"])
def test_quote_refuses_what_is_no_number_to_read(value):
    with pytest.raises(ValueError, match="china"):
        prose.quote(china=value)

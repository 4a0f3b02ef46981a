"""What notebooks store of a chart, read as other viewers read it: VS Code draws the specification, nbviewer and GitHub
show the text beside it."""

import json
import re
from html import unescape

import pytest
import vl_convert
from conftest import ROOT
from nbconvert import HTMLExporter
from notebooks import notebooks

from valuechains.figures import MIME

NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in notebooks()]
WIDGET = "application/vnd.jupyter.widget-view+json"


def bundles(name: str) -> list[dict]:
    """The outputs of a notebook that hold a chart."""
    cells = json.loads((ROOT / name).read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [data for data in outputs if MIME in data]


@pytest.mark.parametrize("version", ["5.8", "6.4"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_specification_is_drawn_as_it_stands(name, version):
    found = bundles(name)
    assert found
    for data in found:
        assert '"container"' not in json.dumps({**data[MIME], "datasets": {}}), "JupyterLab would draw it without end"
        svg = vl_convert.vegalite_to_svg(data[MIME], vl_version=version)
        assert 400 < float(re.search(r' width="([\d.]+)"', svg)[1]) < 1000
        assert "role-mark" in svg and "Source: " in svg
        assert not re.search(r">(NaN|null|undefined)<", svg)
        legends = re.findall(r"role-legend-label.*?<text[^>]*>([^<]*)<", svg, re.S)
        assert len(legends) == len(set(legends)), "two legends say the same: give both scales their domain, not a sort"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_where_nothing_draws_the_finding_is_read(name):
    page = None
    for data in bundles(name):
        about = data[MIME]["usermeta"]["valuechains"]
        text = "".join(data["text/plain"])
        assert text.startswith(about["finding"]) and about["alternative"] in text
        assert set(data) <= {MIME, "text/plain", WIDGET}
        if WIDGET not in data:  # nbviewer shows the controls of a widget
            page = page or unescape(HTMLExporter().from_filename(str(ROOT / name))[0])
            assert about["finding"] in page

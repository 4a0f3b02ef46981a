"""The sandbox's shell does what a kernel does: what students type in notebooks, in both, with the same end."""

# ruff: noqa: E501  (a text or a cell stands on one line)
import os
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from valuechains.course import sandbox

CELLS = {
    "%matplotlib inline": "%matplotlib inline\nx = 1",
    "%matplotlib": "%matplotlib agg\nx = 1",
    "%pylab": "%pylab inline --no-import-all\nx = 1",
    "%gui": "%gui\nx = 1",
    "a plot": "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()\nx = len(ax.lines)",
    "a plot at the end": "plt.plot([1, 2])\nx = 2\nplt.gcf()",
    "%config of figures": "%config InlineBackend.figure_format = 'retina'\nx = 1",
    "%config of the shell": "%config InteractiveShell.ast_node_interactivity = 'last_expr'\nx = 1",
    "%%time": "%%time\nx = sum(range(10))",
    "%time": "%time x = 5",
    "%%timeit": "%%timeit -n1 -r1\ny = 1",
    "%timeit": "x = %timeit -n1 -r1 -o -q 1\nx = x.loops",
    "%%capture": "%%capture out\nprint('a')\nx = 4",
    "what was captured": "x = out.stdout",
    "%load_ext": "%load_ext autoreload\n%autoreload 2\nx = 6",
    "%load_ext of nothing": "%load_ext nothing_of_this_name\nx = 7",
    "!command": "!echo one\nx = 8",
    "!command that fails": "!false\nx = _exit_code",
    "!command that is not there": "!no-such-command\nx = 3",
    "x = !command": "found = !echo one\nx = list(found)",
    "%%bash": "%%bash\necho one",
    "%%writefile": "%%writefile own.py\nz = 12",
    "%run": "%run own.py\nx = z",
    "import of one's own": "import own\nx = own.z + 1",
    "%%html": "%%html\n<b>a</b>",
    "%%javascript": "%%javascript\nalert(1)",
    "%%latex": "%%latex\n$a$",
    "%%markdown": "%%markdown\n*a*",
    "%%svg": "%%svg\n<svg/>",
    "?": "?len\nx = 1",
    "behind": "len?\nx = 2",
    "??": "import json\njson.dumps??\nx = 3",
    "help": "help(len)\nx = 4",
    "%who": "%who\n%whos\nx = 5",
    "%who_ls": "names = %who_ls\nx = 'z' in names",
    "%pwd": "here = %pwd\nx = len(here) > 0",
    "%ls": "%ls\nx = 1",
    "%history": "%history -n 1\nx = 1",
    "%precision": "%precision 3\nx = 1.23456",
    "%xmode": "%xmode Minimal\nx = 1",
    "%autosave": "%autosave 60\nx = 1",
    "%env": "%env AN_OWN=1\nimport os\nx = os.environ['AN_OWN']",
    "%alias": "%alias say echo %l\nx = 1",
    "%prun": "%prun -q y = 1\nx = 1",
    "%%prun": "%%prun -q\ny = 2",
    "%pinfo": "%pinfo len\nx = 2",
    "%lsmagic": "%lsmagic\nx = 3",
    "%colors": "%colors NoColor\nx = 1",
    "a magic of nothing": "%nothing_of_this_name\nx = 9",
    "get_ipython": "x = type(get_ipython()).__mro__[1].__name__ != ''",
    "run_line_magic": "get_ipython().run_line_magic('matplotlib', 'inline')\nx = 2",
    "run_cell_magic": "get_ipython().run_cell_magic('time', '', 'q = 3')\nx = q",
    "get_ipython().system": "get_ipython().system('echo a')\nx = 4",
    "In and Out": "x = len(In) > 10 and isinstance(Out, dict)",
    "a value shown": "41 + 1",
    "the value before": "x = _",
    "display": "display(1, 'a', [2])\nx = 1",
    "display again": "shown = display('a', display_id=True)\nshown.update('b')\nx = 2",
    "IPython.display": (
        "from IPython.display import HTML, IFrame, Image, JSON, Javascript, Latex, Markdown, Math, SVG, Video, YouTubeVideo\n"
        "from IPython.display import clear_output, display\n"
        "for one in (HTML('<b>a</b>'), IFrame('x', 1, 1), JSON({}), Javascript('1'), Latex('a'), Markdown('a'), Math('a')):\n"
        "    display(one)\nclear_output(wait=True)\nx = 7"
    ),
    "a progress bar of one's own": "import sys\nprint('50%', end='\\r', flush=True)\nsys.stdout.flush()\nx = 5",
    "to the standard error": "print('a', file=sys.stderr)\nx = 6",
    "sys.stdout": "x = (sys.stdout.isatty(), sys.stdout.encoding.lower())\nx = list(x)",
    "logging": "import logging\nlogging.basicConfig()\nlogging.warning('a')\nx = 1",
    "warnings": "import warnings\nwarnings.warn('a')\nwarnings.filterwarnings('ignore')\nx = 2",
    "a slider": "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\ndisplay(slider)\nx = slider.value",
    "interact": "@ipywidgets.interact(a=(0, 10))\ndef f(a=4):\n    global seen\n    seen = a\nx = seen",
    "interact of code": "ipywidgets.interact(lambda a: a, a=2)\nx = 1",
    "a box": "ipywidgets.VBox([slider, ipywidgets.Output()])",
    "an output": "out = ipywidgets.Output()\nwith out:\n    print('a')\nx = 8",
    "an observer": "slider.observe(lambda change: globals().update(got=change['new']), 'value')\nslider.value = 5\nx = got",
    "await": "import asyncio\nawait asyncio.sleep(0)\nx = 1",
    "async with a value": "async def later():\n    await asyncio.sleep(0)\n    return 3\nx = await later()",
    "async for": "async def many():\n    for one in range(3):\n        yield one\nx = [one async for one in many()]",
    "a task": "task = asyncio.create_task(later())\nx = 1",
    "the task before": "x = await task",
    "a running loop": "x = asyncio.get_running_loop().is_running()",
    "asyncio.run": "x = 10\nx = asyncio.run(later())",
    "pandas options": "import pandas as pd\npd.options.display.max_rows = 5\npd.set_option('display.precision', 3)\nx = 1",
    "a table": "table = pd.DataFrame({'a': [1, 2]})\ntable",
    "inline backend": "import matplotlib_inline.backend_inline as back\nback.set_matplotlib_formats('svg')\nx = 1",
    "a chart": "import altair as alt\nalt.Chart(table).mark_bar().encode(x='a:Q')",
    "an error": "x = 11\n1 / 0",
    "after an error": "x = 12",
    "no Python": "x = 13\nif",
    "an assertion": "assert x == 12",
    "a name that is not there": "nothing_of_this_name",
    "input": "x = 14\nx = input('?')",
    "getpass": "import getpass\nx = 15\nx = getpass.getpass()",
    "sys.exit": "x = 16\nsys.exit()",
    "after sys.exit": "x = 17",
    "raise SystemExit": "x = 18\nraise SystemExit(0)",
    "the name of the module": "x = __name__",
    "a class": "from dataclasses import dataclass\n@dataclass\nclass A:\n    a: int = 1\nimport pickle\nx = pickle.loads(pickle.dumps(A(3))).a",
    "threads": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    x = list(pool.map(abs, [-1, -2]))",
    "a pool that forks": "import multiprocessing\nx = multiprocessing.get_context('fork').cpu_count() > 0",
    "%matplotlib --list": "%matplotlib --list\nx = 1",
    "%matplotlib of a window": "%matplotlib qt\nx = 1",
    "%matplotlib widget": "%matplotlib widget\nx = 2",
    "display of every kind": (
        "for kind in ('text/html', 'text/latex', 'image/png', 'image/svg+xml', 'application/json', 'application/javascript', 'application/pdf', 'x/y'):\n"
        "    display({kind: 'AAAA'}, raw=True)\nx = 3"
    ),
    "a picture of bytes": "from IPython.display import Code, FileLink, Image, ProgressBar\ndisplay(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(40)), Code('x'), FileLink('a'))\nx = 4",
    "a bar": "for one in ProgressBar(3):\n    x = one",
    "%store": "kept = 5\n%store kept\n%store\n%store -r kept\nx = kept",
    "%sx": "x = %sx echo a\nx = list(x)",
    "%cd": "here = os.getcwd()\n%cd -q /\n%cd -q {here}\nx = os.getcwd() == here",
    "%%bash with a status": "%%bash\nexit 3",
    "%recall and %macro": "%recall 1\n%macro again 1\nx = 7",
    "%pdoc and %pfile": "%pdoc len\n%pfile os\n%psearch os.*\nx = 8",
    "%logstart": "%logstart -q\n%logstop\nx = 9",
    "%set_env": "%set_env AN_OWN=2\nx = os.environ['AN_OWN']",
    "%pip": "%pip --version\nx = 10",
    "run_cell": "get_ipython().run_cell('y = 11')\nx = y",
    "push and user_ns": "get_ipython().push({'r': 12})\nx = get_ipython().user_ns['r']",
    "an event": "get_ipython().events.register('post_run_cell', lambda *one: None)\nx = 13",
    "publish_display_data": "from IPython.display import publish_display_data, update_display\npublish_display_data({'text/plain': 'a'})\nupdate_display('a', display_id='b')\nx = 14",
    "gather": "x = await asyncio.gather(asyncio.sleep(0, 1), asyncio.sleep(0, 2))",
    "async with": "class Held:\n    async def __aenter__(self): return 15\n    async def __aexit__(self, *why): pass\nasync with Held() as x: pass",
    "a style": "pd.DataFrame({'a': [1]}).style.highlight_max()",
    "what draws itself": "class R:\n    def _ipython_display_(self): print('r')\nR()",
    "KeyboardInterrupt": "x = 16\nraise KeyboardInterrupt",
    "an error of its own kind": "class Mine(BaseException): pass\nraise Mine('a')",
    "no end": "def f(n): return f(n + 1)\nf(0)",
    "!command inside": "if True:\n    !echo a\n    x = 17",
    "names with accents": "größe = 18\nx = größe",
    "a saved figure": "plt.figure().savefig('a.png')\nx = os.path.getsize('a.png') > 0",
    "%reset": "%reset -f\nx = 19",
    "after %reset": "x = 'slider' in globals()",
    "%reset_selective": "a1 = 1\n%reset_selective -f a1\nx = 'a1' in globals()",
    "%debug": "%debug\nx = 20",
    "exit": "x = 21\nexit",
}
OURS = {  # where the shell is kinder than a kernel, and how each ends here: what is asked for is not there to be had
    "input": "EOFError",
    "getpass": "EOFError",
    "a magic of nothing": "UsageError",  # a kernel prints it and has no name for it; the cell ends there in both
    "%debug": None,
    "exit": None,
}
SEE = "import json\nprint('value', json.dumps(x, default=str) if 'x' in globals() else 'none')"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> dict[str, tuple]:
    """What a real ipykernel makes of each: (error, value of x)."""
    book, where = nbformat.v4.new_notebook(), tmp_path_factory.mktemp("kernel")
    for source in CELLS.values():
        book.cells += [nbformat.v4.new_code_cell(source), nbformat.v4.new_code_cell(SEE)]
    book.cells = book.cells[:-2]  # a kernel ends at `exit`
    NotebookClient(book, allow_errors=True, timeout=120, resources={"metadata": {"path": where}}).execute()
    found = {}
    for name, cell, seen in zip(CELLS, book.cells[::2], book.cells[1::2]):
        errors = [one.ename for one in cell.outputs if one.output_type == "error"]
        said = "".join(one.get("text", "") for one in seen.outputs)
        found[name] = (errors[0] if errors else None, said.split("value ")[-1].strip())
    return found


@pytest.fixture(scope="module")
def ours() -> dict[str, tuple]:
    steps = []
    for name, source in CELLS.items():
        steps += [{"step": name, "run": source}, {"step": f"{name} seen", "run": SEE}]
    way = next((one for one in ("bwrap", "unshare") if shutil.which(one)), "limits")
    run = sandbox.execute(steps, {}, student="a", way=way, limits=sandbox.Limits(wall=170))
    assert not run.stopped, (run.stopped, list(run.lines)[-1])
    found = {}
    for name in CELLS:
        said = run.lines[f"{name} seen"]["text"]
        found[name] = (run.lines[name]["error"], said.split("value ")[-1].strip())
    return found


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_ends_as_it_does_in_a_kernel(name, kernel, ours):
    if name in OURS:
        assert ours[name][0] == OURS[name]
    else:
        assert ours[name] == kernel[name]


def test_a_cell_says_which_error_it_ended_with():
    run = sandbox.execute([{"step": "0", "run": "raise ValueError('what is\\nwrong')"}], {}, student="a")
    assert (run.lines["0"]["error"], run.lines["0"]["says"]) == ("ValueError", "what is wrong")


def test_a_command_that_cannot_be_run_is_a_sentence_and_no_error():
    steps = [{"step": "0", "run": "!echo a\nx = 1"}, {"step": "x", "record": "x"}]
    way = next((one for one in ("bwrap", "unshare") if shutil.which(one)), "limits")
    if way == "limits" and os.geteuid() == 0:
        pytest.skip("without walls root may start as many processes as it likes")
    run = sandbox.execute(steps, {}, student="a", way=way, limits=sandbox.Limits(processes=1))
    assert run.lines["0"]["error"] is None
    assert run.lines["0"]["text"].startswith("commands are not run where work is marked")
    assert run.lines["x"] == {"value": 1}

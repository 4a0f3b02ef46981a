"""Sentences for students that marking stores, in English; `tongue.retold` says them in a student's language."""

from __future__ import annotations

from valuechains.tongue import to_say

PRACTICE = to_say(
    "This is right for the practice variant, the one of a kit without an id: put your id into the first cell "
    "(`checks.sheet(...)`), and compute your own."
)
UNREADABLE = to_say("what `{variable}` holds cannot be read: give plain numbers or words.")
NO_VALUE = to_say("`{variable}` has no value: {why}")
FAILED = to_say("the cell above stopped with {error}. Mend it and run the notebook from the top.")
TOO_LONG = to_say("{error}: The cell ran too long and was stopped.")  # as the sandbox's runner raises it
CHECK_STOPPED = to_say("the check stopped with {error}: a cell above did not run through.")
AND_THE_RUN = to_say("{said} The run {stopped}.")
STOPPED = to_say("was stopped after {seconds} seconds")
STOPPED_OUTPUT = to_say("was stopped: it gave out more than {megabytes} MB")
STOPPED_MEMORY = to_say("was stopped: it used more than {gigabytes} GB of memory")
ENDED = to_say("ended its own process, or was ended for its use of memory or time")
NOT_DONE = "not done yet. Give `{name}` a value in the cell above, run it, then run this cell again."  # of the checks
#: what a marked check may have said that the check itself would not
OF_MARKING = (
    AND_THE_RUN,
    PRACTICE,
    UNREADABLE,
    NO_VALUE,
    FAILED,
    TOO_LONG,
    CHECK_STOPPED,
    STOPPED,
    STOPPED_OUTPUT,
    STOPPED_MEMORY,
    ENDED,
    NOT_DONE,
)

NO_FILE = to_say("there is no file {name} in what was handed in")
TOO_LARGE = to_say("the notebook is larger than {megabytes} MB")
EMPTY = to_say("the file is empty")
NO_CELLS = to_say("the file is no sound notebook (it has no cells that can be read)")
CUT_SHORT = to_say("the file is no sound notebook (broken JSON: it may have been cut short)")
OF_ANOTHER = to_say("this is the notebook of {other}, not of {chapter}")
OF_NOTHING = to_say("this is the notebook of something else, not of {chapter}")
NO_CELL_OF_IT = to_say("the notebook holds no cell of {chapter}")
REFUSALS = (NO_FILE, TOO_LARGE, EMPTY, NO_CELLS, CUT_SHORT, OF_NOTHING, OF_ANOTHER, NO_CELL_OF_IT)

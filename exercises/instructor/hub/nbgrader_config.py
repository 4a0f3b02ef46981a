"""nbgrader on a hub, for students and teachers: the course and its exchange. Belongs into JUPYTER_CONFIG_PATH."""

import os

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "services-in-value-chains"
c.Exchange.root = os.environ["NBGRADER_EXCHANGE"]
if "VALUECHAINS_STUDENT" in os.environ:
    c.CourseDirectory.student_id = os.environ["VALUECHAINS_STUDENT"]  # of the class list, not the system's user
else:
    from valuechains.course.settings import AUTOGRADE, EXPORTER, HARMLESS, IGNORED, SANITIZE

    c.CourseDirectory.root = os.path.expanduser("~/course")  # the teacher's: made by `valuechains course new`
    c.CourseDirectory.ignore = IGNORED
    # the formgrader's button too
    c.Autograde.exporter_class, c.HTMLExporter.filters = EXPORTER, HARMLESS
    c.Autograde.sanitize_preprocessors, c.Autograde.autograde_preprocessors = SANITIZE, AUTOGRADE

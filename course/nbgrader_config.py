"""The course, as nbgrader sees it.

nbgrader reads this file from the working directory (`cd course && nbgrader …`) or, from anywhere else,
through `JUPYTER_CONFIG_PATH=<repository>/course`. Its options `--config` and `--course-dir` do not work with
this layout.
"""

import os
from pathlib import Path

from coursekit import export, feedback, late, release

c = get_config()  # noqa: F821  (Jupyter puts it there)

REPOSITORY = Path(__file__).resolve().parent.parent
CLASS = REPOSITORY / "course" / "class"
CLASS.mkdir(exist_ok=True)

c.CourseDirectory.course_id = "evenodds"
c.CourseDirectory.root = str(REPOSITORY)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
c.CourseDirectory.submitted_directory = "course/class/submitted"
c.CourseDirectory.autograded_directory = "course/class/autograded"
c.CourseDirectory.feedback_directory = "course/class/feedback"
c.CourseDirectory.solution_directory = "course/class/solution"
c.CourseDirectory.source_with_tests_directory = "course/class/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{CLASS / 'gradebook.db'}"
# nbgrader copies every other file beside a solution to the students.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "feedback", "*.py", "*.md"]

c.GenerateAssignment.preprocessors = release.preprocessors()
c.ClearSolutions.code_stub = {"python": "# Write your answer here\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*Write your answer here.*"

c.Execute.timeout = 60
# Late work is free for grace_minutes; then each day begun costs daily_deduction of the score, and all days cap at most.
c.AssignLatePenalties.plugin_class = late.LatePolicy
c.LatePolicy.grace_minutes = 60
c.LatePolicy.daily_deduction = 0.1
c.LatePolicy.cap = 0.5
c.GenerateFeedback.preprocessors = feedback.preprocessors()
c.ZipCollectApp.downloaded_directory = "course/class/downloaded"
c.ExportApp.plugin_class = export.GradesCsv

# On a shared machine, point EVENODDS_EXCHANGE at a folder that everyone can write to; the default serves one
# person who rehearses both roles.
exchange = Path(os.environ.get("EVENODDS_EXCHANGE", CLASS / "exchange"))
if "EVENODDS_EXCHANGE" not in os.environ:
    exchange.mkdir(exist_ok=True)
c.Exchange.root = str(exchange)
c.Exchange.assignment_dir = str(CLASS / "fetched")
(CLASS / "fetched").mkdir(exist_ok=True)

"""From graded work to what students and the LMS get, through the command line; some of the students spy."""

import csv
import signal

import nbformat
import pytest

from coursekit import feedback, hidden
from coursekit.cli import main
from coursekit.handback import at_most

# In[2] is the source of the first check, with its hidden tests.
SPIES = {
    "prints": "print(In[2])",
    "result": "In[:3]",
    "stderr": "import sys\nprint(In[2], file=sys.stderr)",
    "json": "import json\nprint(json.dumps(In[2]))",
    "html": "import html\nfrom IPython.display import HTML\nHTML('<pre>' + html.escape(In[2]) + '</pre>')",
    "listing": "from IPython.display import Code\nCode(In[2], language='python')",
    "message": "raise ValueError(In[2])",
    "traceback": "by_addition(None)",
    "alt-text": "display({'image/png': ''}, raw=True, metadata={'image/png': {'alt': In[2]}})",
}
MORE_SPIES = {
    "widget": "import ipywidgets\nipywidgets.HTML(In[2])",
    "file": "with open('spied.txt', 'w') as file:\n    file.write(In[2])",
}
PEEKS = "import inspect\ndef double(x):\n    print(inspect.getsource(inspect.currentframe().f_back))\n    return 2 * x"
RAISES = "import inspect\ndef double(x):\n    raise ValueError(inspect.getsource(inspect.currentframe().f_back))"
WRONG = "def double(x):\n    return x * 3 if x == -3 else 2 * x"
HONEST = {"says": "print('the <b>double</b> of 2 is', double(2))", "own": "raise ValueError('my own mistake')"}


@pytest.fixture(scope="module")
def graded(classroom):
    """Submissions autograded with stock nbgrader."""
    folder = classroom.hand_in("ada", WRONG, HONEST)
    (folder / "figure.svg").write_text("<svg/>")
    classroom.hand_in("spy", more=SPIES | MORE_SPIES)
    classroom.hand_in("peek", PEEKS)
    classroom.hand_in("raise", RAISES)
    classroom.nbgrader("autograde", classroom.lesson)
    return classroom


@pytest.fixture(scope="module")
def written(graded):
    assert coursekit(graded, "feedback", "01") == 0
    return graded


@pytest.fixture(scope="module")
def secrets(graded):
    with graded.gradebook() as gradebook:
        cells = gradebook.find_notebook(graded.lesson, graded.lesson).source_cells
        visible = "\n".join(cell.source.split("###")[0] for cell in cells)
        found = hidden.secrets([cell.source for cell in cells], visible)
    assert any("by_addition(-3)" in secret for secret in found)
    return found


def coursekit(classroom, *arguments):
    return main(["--root", str(classroom.root), *arguments])


def folder(classroom, student):
    return classroom.root / "feedback" / student / classroom.lesson


def page(classroom, student):
    return (folder(classroom, student) / f"{classroom.lesson}.html").read_text(encoding="utf-8")


def outputs(classroom, student):
    cells = [cell for cell in classroom.graded(student).cells if cell.cell_type == "code"]
    return {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell.outputs for cell in cells}


@pytest.mark.parametrize("way", SPIES)
def test_the_spies_had_something_to_show(graded, secrets, way):
    assert hidden.quotes(outputs(graded, "spy")[way], secrets)


def test_the_other_spies_had_too(graded, secrets):
    assert hidden.quotes(outputs(graded, "peek")["sign"], secrets)
    assert hidden.quotes(outputs(graded, "raise")["sign"], secrets)
    assert hidden.quotes(graded.graded("spy").metadata.widgets, secrets)
    assert (graded.root / "autograded" / "spy" / graded.lesson / "spied.txt").exists()


@pytest.mark.parametrize("student", ["ada", "spy", "peek", "raise"])
def test_no_page_shows_a_hidden_test(written, secrets, student):
    assert not hidden.quotes(page(written, student), secrets)


@pytest.mark.parametrize("student", ["spy", "peek", "raise"])
def test_without_the_scrub_the_page_would(written, secrets, student, monkeypatch):
    others = [step for step in feedback.preprocessors() if step is not feedback.LeaveOutQuotes]
    with monkeypatch.context() as patch:
        patch.setattr(feedback, "preprocessors", lambda: others)
        coursekit(written, "feedback", "01", "--student", student)
    assert hidden.quotes(page(written, student), secrets)
    coursekit(written, "feedback", "01", "--student", student)
    assert not hidden.quotes(page(written, student), secrets)


def test_nbgraders_own_command_shows_none_either(written, secrets):
    written.nbgrader("generate_feedback", written.lesson, "--student", "spy", "--force")
    assert not hidden.quotes(page(written, "spy"), secrets)
    coursekit(written, "feedback", "01", "--student", "spy")


def test_every_spying_cell_says_that_something_was_left_out(written):
    telling = {*SPIES, "widget"} - {"traceback"}
    assert page(written, "spy").count(feedback.LEFT_OUT.strip()) == len(telling)
    assert "TypeError: '&lt;' not supported" in page(written, "spy")
    assert feedback.LEFT_OUT.strip() in page(written, "peek")


def test_a_spy_is_told_about_the_points_all_the_same(written):
    assert "Score: 4.0 / 8.0" in page(written, "spy")


def test_honest_output_stays(written):
    text = page(written, "ada")
    assert "the &lt;b&gt;double&lt;/b&gt; of 2 is 4" in text
    assert "AssertionError: a negative number" in text
    assert "my own mistake" in text
    assert feedback.LEFT_OUT.strip() not in text
    assert (folder(written, "ada") / "figure.svg").exists()


def test_a_phone_shows_the_page_at_its_own_width(written):
    head = page(written, "ada").split("</head>")[0]
    assert '<meta content="width=device-width, initial-scale=1" name="viewport"' in head
    assert head.count("<style") == head.count("</style>")


def test_a_file_that_code_wrote_while_it_was_graded_is_not_handed_back(written):
    assert not (folder(written, "spy") / "spied.txt").exists()
    assert (folder(written, "spy") / "timestamp.txt").exists()


def test_a_page_needs_the_graded_notebook_alone(written):
    handed_in = written.root / "submitted" / "raise"
    away = handed_in.rename(written.root / "away")
    assert coursekit(written, "feedback", "01", "--student", "raise") == 0
    away.rename(handed_in)
    assert "Score: 0.0 / 8.0" in page(written, "raise")


def test_one_bad_notebook_stops_no_other(written, capsys):
    file = written.root / "autograded" / "peek" / written.lesson / f"{written.lesson}.ipynb"
    good = file.read_text()
    file.chmod(0o644)
    file.write_text(good[: len(good) // 2])
    try:
        assert coursekit(written, "feedback", "01") == 1
    finally:
        file.write_text(good)
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [
        ["1/4", "ada"],
        ["2/4", "peek:"],
        ["3/4", "raise"],
        ["4/4", "spy"],
    ]
    assert "not written, " in said[1]
    assert "JSON" in said[1]
    assert not folder(written, "peek").exists()
    assert folder(written, "spy").exists()
    assert coursekit(written, "feedback", "01", "--student", "peek") == 0
    assert folder(written, "peek").exists()


def test_points_and_comments_by_hand_reach_a_page_that_was_there(written):
    with written.gradebook() as gradebook:
        grade = gradebook.find_grade("essay", written.lesson, written.lesson, "ada")
        before = grade.manual_score
        grade.manual_score = 3
        gradebook.find_comment("essay", written.lesson, written.lesson, "ada").manual_comment = "Who is nobody?"
        gradebook.db.commit()
    assert coursekit(written, "feedback", "01", "--student", "ada") == 0
    assert "Who is nobody?" in page(written, "ada")
    assert "Score: 3.0 / 4.0" in page(written, "ada")
    with written.gradebook() as gradebook:
        gradebook.find_grade("essay", written.lesson, written.lesson, "ada").manual_score = before
        gradebook.db.commit()


@pytest.mark.parametrize(
    ("student", "says"),
    [("zoe", "no student zoe in the gradebook, which has 5"), ("late", "no graded work of late in ")],
)
def test_a_student_without_graded_work_is_said(written, capsys, student, says):
    with written.gradebook() as gradebook:
        gradebook.update_or_create_student("late")
    assert coursekit(written, "feedback", "01", "--student", student) == 2
    assert says in capsys.readouterr().err


def test_a_class_without_a_gradebook_is_said(tmp_path, capsys):
    (tmp_path / "course" / "01_double").mkdir(parents=True)
    (tmp_path / "course" / "01_double" / "lesson.md").touch()
    for arguments in (["feedback", "01"], ["export", "--to", str(tmp_path / "grades.csv")]):
        assert main(["--root", str(tmp_path), *arguments]) == 2
        assert "no gradebook in " in capsys.readouterr().err
    assert not list(tmp_path.glob("*.*"))


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_grades_go_out_with_a_column_for_each_exercise_in_the_notebooks_order(graded, tmp_path, form):
    file = tmp_path / "grades.csv"
    assert coursekit(graded, "export", "--to", str(file), "--format", form, "01") == 0
    with file.open(newline="", encoding="utf-8") as lines:
        header, *rows = csv.reader(lines)
    assert header[-4:] == [*(f"01_double {name}" for name in ("sign", "kind", "essay")), "01_double"]
    assert {tuple(row[-4:]) for row in rows if "ada" in row} == {("0.0", "2.0", "", "")}


@pytest.mark.parametrize(("flags", "score"), [([], ""), (["--provisional"], "2.0")])
def test_an_unread_essay_leaves_the_total_empty_unless_one_asks(graded, tmp_path, flags, score):
    file = tmp_path / "grades.csv"
    assert coursekit(graded, "export", "--to", str(file), *flags) == 0
    with file.open(newline="", encoding="utf-8") as lines:
        assert {row["student_id"]: row["score"] for row in csv.DictReader(lines)}["ada"] == score


def test_nbgraders_own_command_exports_too(graded, tmp_path):
    file = tmp_path / "canvas.csv"
    how = ("--exporter=coursekit.export.CanvasCsv", "--CanvasCsv.totals=True")
    graded.nbgrader("export", *how, "--to", str(file))
    with file.open(newline="", encoding="utf-8") as lines:
        assert next(csv.reader(lines))[-2:] == ["Section", "01_double"]


def test_a_graded_notebook_is_left_as_it_was(written, secrets):
    notebook = written.graded("spy")
    nbformat.validate(notebook)
    assert hidden.quotes(notebook.cells, secrets)


def test_a_page_that_takes_too_long_is_given_up():
    with pytest.raises(TimeoutError, match="more than 1 s"), at_most(1):
        signal.pause()
    with at_most(1):
        pass
    assert signal.alarm(0) == 0

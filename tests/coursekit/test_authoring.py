"""The example that AUTHORING.md gives keeps the rules that it states."""

import re
from pathlib import Path

from coursekit.lint import lint
from coursekit.source import read_lesson

GUIDE = Path(__file__).parents[2] / "course" / "AUTHORING.md"


def test_the_lesson_in_small_is_a_good_lesson(tmp_path):
    (example,) = re.findall(r"^````markdown\n(.*?)^````$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    path = tmp_path / "lesson.md"
    path.write_text(example)
    lesson = read_lesson(path)
    assert lint(lesson) == []
    assert [cell.kind for cell in lesson.cells if cell.kind != "prose"] == [
        "code",
        "exercise",
        "check",
        "essay",
        "quiz",
        "cards",
    ]

"""The glossary: every term defined once, in its lesson, and not used before."""

import pytest

from coursekit.glossary import lint_glossary
from coursekit.source import read_lesson

GLOSSARY = """\
selection rate:
  definition: The share of people who are selected.
  lesson: 02_rates
  also: [selection rates]
person:
  definition: Somebody.
  lesson: 01_people
"""
FIRST = "# People\n\nA <dfn>person</dfn> is somebody.\n"
SECOND = "# Rates\n\nThe <dfn>selection rate</dfn> is a share of every person.\n"


@pytest.fixture
def glossary(tmp_path):
    def glossary(text=GLOSSARY, first=FIRST, second=SECOND):
        for name, source in (("01_people", first), ("02_rates", second)):
            (tmp_path / "course" / name).mkdir(parents=True)
            (tmp_path / "course" / name / "lesson.md").write_text(source)
        if text:
            (tmp_path / "course" / "glossary.yml").write_text(text)
        lessons = [read_lesson(path) for path in sorted(tmp_path.glob("course/*/lesson.md"))]
        return [str(problem).removeprefix(f"{tmp_path}/course/") for problem in lint_glossary(lessons, tmp_path)]

    return glossary


def test_a_good_glossary_has_no_problems(glossary):
    assert glossary() == []


def test_a_course_without_terms_needs_no_glossary(glossary):
    assert glossary(text="", first="# People\n", second="# Rates\n") == []


def test_a_term_that_its_lesson_does_not_define_is_named_in_the_glossary(glossary):
    (found,) = glossary(second="# Rates\n\nThe selection rate is a share.\n")
    assert found.startswith(
        'glossary.yml:1: "selection rate": 02_rates does not define it; write <dfn>selection rate</dfn>'
    )


@pytest.mark.parametrize("use", ["The selection rate, later.", "Many Selection Rates."])
def test_a_term_used_in_an_earlier_lesson_is_named_there(glossary, use):
    (found,) = glossary(first=FIRST + "\n" + use + "\n")
    assert found.startswith('01_people/lesson.md:5: "selection rate')
    assert found.endswith("is used before 02_rates defines it")


def test_code_and_addresses_are_no_use(glossary):
    assert glossary(first=FIRST + "\n`selection rate`, [see](selection rate)\n\n```text\nselection rate\n```\n") == []


def test_a_definition_that_is_not_in_the_glossary_is_named(glossary):
    (found,) = glossary(second=SECOND + "\nA <dfn>gap</dfn>.\n")
    assert found == "02_rates/lesson.md:5: <dfn>gap</dfn> is not in course/glossary.yml; add it"


def test_a_second_definition_elsewhere_is_named(glossary):
    (found,) = glossary(second=SECOND + "\nA <dfn>person</dfn>.\n")
    assert found == "02_rates/lesson.md:5: <dfn>person</dfn> is defined in 01_people"


def test_a_term_of_no_lesson_is_named(glossary):
    (found,) = glossary(text=GLOSSARY + "gap:\n  definition: A difference.\n  lesson: 09_gaps\n")
    assert found == 'glossary.yml:8: "gap": no lesson 09_gaps'


@pytest.mark.parametrize(
    "entry", ["gap: A difference.", "gap: {definition: A difference.}", "gap: {definition: A, lesson: B, x: C}"]
)
def test_an_entry_that_cannot_be_read_is_named(glossary, entry):
    (found,) = glossary(text=entry)
    assert found.startswith('glossary.yml:1: "gap" needs definition: and lesson:')

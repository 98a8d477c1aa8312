"""Building: the same bytes every time, stale files found, and nothing written that the next run would not repeat."""

import nbformat
import pytest

from coursekit.build import build, without_source
from coursekit.source import SourceError


def everything(root):
    kinds = ("solutions", "lessons")
    return {str(p.relative_to(root)): p.read_bytes() for kind in kinds for p in (root / kind).rglob("*") if p.is_file()}


def cells(path):
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


def test_two_builds_in_two_places_give_the_same_bytes(built, tmp_path_factory, monkeypatch):
    before = everything(built.root)
    monkeypatch.setenv("PYTHONHASHSEED", "17")
    moved = built.root.rename(tmp_path_factory.mktemp("elsewhere") / "moved")
    for path in before:
        (moved / path).unlink()
    build(moved, [moved / "course" / built.folder.name / "lesson.md"])
    assert everything(moved) == before


def test_a_fresh_course_is_not_stale_and_is_left_alone(built):
    times = {path: (built.root / path).stat().st_mtime_ns for path in everything(built.root)}
    costs, stale = build(built.root, [built.source])
    assert stale == []
    assert {path: (built.root / path).stat().st_mtime_ns for path in times} == times
    assert [cost.lesson for cost in costs] == [built.folder.name]
    assert costs[0].seconds > 0
    assert 20 < costs[0].megabytes < 2000


def test_check_lists_what_is_stale_and_writes_nothing(built):
    built.change("double a number.", "double any number.")
    built.lesson.unlink()
    (built.lesson.parent / "left_over.csv").touch()
    before = everything(built.root)
    _, stale = build(built.root, [built.source], check=True)
    name = built.folder.name
    assert {found.path: found.why for found in stale} == {
        f"solutions/{name}/{name}.ipynb": "differs",
        f"lessons/{name}/{name}.ipynb": "missing",
        f"lessons/{name}/left_over.csv": "no source makes it; delete it",
    }
    assert '+    "What you will be able to do: double any number."' in stale[0].diff
    assert everything(built.root) == before


def test_build_replaces_what_is_stale_and_keeps_files_that_it_did_not_make(built):
    built.change("double a number.", "double any number.")
    (built.lesson.parent / "left_over.csv").touch()
    build(built.root, [built.source])
    assert "double any number." in built.lesson.read_text()
    assert (built.lesson.parent / "left_over.csv").exists()
    assert [found.why for found in build(built.root, [built.source], check=True)[1]] == [
        "no source makes it; delete it"
    ]


def test_a_built_lesson_whose_source_is_gone_is_found(built):
    built.folder.rename(built.folder.with_name("02_tripling"))
    assert [found.path for found in without_source(built.root)] == [
        f"solutions/{built.folder.name}",
        f"lessons/{built.folder.name}",
    ]


def test_solutions_have_outputs_and_lessons_have_none(built):
    solution, lesson = cells(built.solution), cells(built.lesson)
    assert solution["check-double"].outputs[0].data["text/plain"] == "3"
    assert solution["check-quiz-eo-or-eopp"].outputs[0].data["text/plain"] == "2"
    assert not [cell.id for cell in lesson.values() if cell.cell_type == "code" and cell.outputs]


def test_other_files_travel_and_the_authors_own_do_not(built):
    files = {path.split("/", 2)[2] for path in everything(built.root)}
    assert files == {f"{built.folder.name}.ipynb", "images/line.svg"}


def test_metadata_holds_nothing_of_this_machine_or_moment(built):
    notebook = nbformat.read(built.solution, as_version=4)
    assert {*notebook.metadata} == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info
    assert not [cell.id for cell in notebook.cells if {*cell.metadata} - {"tags", "nbgrader", "jupyter"}]


def test_checks_are_folded_and_nothing_else_is(built):
    folded = {name for name, cell in cells(built.lesson).items() if cell.metadata.get("jupyter")}
    assert folded == {"check-double", "check-quiz-eo-or-eopp"}
    assert cells(built.lesson)["check-double"].metadata.jupyter == {"source_hidden": True}


def test_outputs_of_explorers_are_dropped_and_not_compared(built):
    explorer = cells(built.solution)["look-code"]
    assert explorer.outputs == []
    assert explorer.metadata.tags == ["explorer", "nbval-ignore-output"]


def test_an_error_in_a_lesson_leaves_everything_as_it_was(built):
    built.change("rng.integers(0, 10, 3)", "1 / 0")
    before = everything(built.root)
    with pytest.raises(SourceError, match='cell "setup" fails: ZeroDivisionError'):
        build(built.root, [built.source])
    assert everything(built.root) == before

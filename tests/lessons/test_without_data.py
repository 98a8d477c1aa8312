"""Lessons on real data also run, every check passing, on a machine that has neither the data nor a network."""

from pathlib import Path

import pytest
from nbclient import NotebookClient

from coursekit.notebook import KERNEL, assemble, lay_out
from coursekit.source import read_lesson

COURSE = Path(__file__).resolve().parents[2] / "course"
LESSONS = [lesson for lesson in map(read_lesson, sorted(COURSE.glob("*/lesson.md"))) if lesson.needs]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_falls_back_to_simulated_people(lesson, tmp_path, monkeypatch):
    monkeypatch.delenv("EVENODDS_DATA", raising=False)
    monkeypatch.setenv("EVENODDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    notebook = assemble(lay_out(lesson))
    NotebookClient(notebook, kernel_name=KERNEL, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    said = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")
    assert "simulated people" in said
    assert "Real data" not in said
    assert not [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            earned = float(cell.outputs[-1].data["text/plain"])
            assert earned == cell.metadata.nbgrader.points, cell.id

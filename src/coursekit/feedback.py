"""What a student may see of a graded notebook, on any screen."""

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, GetGrades, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

NARROW_SCREENS = """
.output_subarea, .text_cell_render, .input_area { overflow-x: auto; }
.code_cell .input, .nbgrader_cell, .output_area { min-width: 0; max-width: 100%; }
body div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
body div.nbgrader_cell .panel-heading a { color: inherit; }
.rendered_html table { margin-bottom: 1em; }
.rendered_html td, .rendered_html th { padding: 2px 6px; }
summary { display: list-item; cursor: pointer; }
@media (max-width: 40em) {
  .container, .panel-body, #notebook-container { padding-left: 4px; padding-right: 4px; }
  .code_cell .input, .output_area { display: block; }
  div.prompt { text-align: left; }
}
"""


class HideTracebacks(NbGraderPreprocessor):
    """Leave an error's name and message in a check, and drop its traceback: that quotes hidden tests."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, index: int) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


class FitNarrowScreens(NbGraderPreprocessor):
    """Let wide tables and code scroll inside the page, so that the text fits a phone."""

    def preprocess(self, notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        resources["inlining"]["css"].append(NARROW_SCREENS)
        return notebook, resources


def preprocessors() -> list[type | str]:
    """The list for ``c.GenerateFeedback.preprocessors``: nbgrader's, and what keeps hidden tests hidden."""
    styles = "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"
    return [GetGrades, ClearHiddenTests, HideTracebacks, styles, FitNarrowScreens]

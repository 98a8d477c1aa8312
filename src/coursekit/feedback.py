"""What a student may see of a graded notebook, on any screen."""

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, GetGrades, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from coursekit import hidden
from coursekit.markers import HIDDEN, without

LEFT_OUT = "Left out: this output quoted a hidden test.\n"
# nbgrader's template has no place for it but between the styles; without it phones show a shrunk desktop page.
FIT_WIDTH = '</style><meta name="viewport" content="width=device-width, initial-scale=1"><style>'
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


class LeaveOutQuotes(NbGraderPreprocessor):
    """Put a sentence in place of every output that quotes a line of a hidden test, in any cell.

    The lines are those of the gradebook and of the graded notebook, so this has to run before ClearHiddenTests.
    """

    def preprocess(self, notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            kept = [
                cell.source or ""
                for cell in gradebook.find_notebook(about["notebook"], about["assignment"]).source_cells
            ]
        graded = [cell.source for cell in notebook.cells]
        secrets = hidden.secrets([*kept, *graded], visible="\n".join(without(source, HIDDEN) for source in graded))
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [_without_quotes(output, secrets) for output in cell.outputs]
        if hidden.quotes(notebook.metadata.get("widgets", {}), secrets):
            del notebook.metadata["widgets"]
        return notebook, resources


def _without_quotes(output: NotebookNode, secrets: set[str]) -> NotebookNode:
    if not hidden.quotes(output, secrets):
        return output
    if output.output_type == "error":
        output.traceback = [f"{output.ename}: {output.evalue}"]
        if not hidden.quotes(output, secrets):
            return output
    return new_output("stream", name="stdout", text=LEFT_OUT)


class FitNarrowScreens(NbGraderPreprocessor):
    """Let wide tables and code scroll inside the page, so that the text fits a phone."""

    def preprocess(self, notebook: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        resources["inlining"]["css"].append(FIT_WIDTH + NARROW_SCREENS)
        return notebook, resources


def preprocessors() -> list[type | str]:
    """The list for ``c.GenerateFeedback.preprocessors``: nbgrader's, and what keeps hidden tests hidden."""
    styles = "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"
    return [GetGrades, HideTracebacks, LeaveOutQuotes, ClearHiddenTests, styles, FitNarrowScreens]

"""What students see of their graded notebooks."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.feedback import HideTracebacks

TRACEBACK = ["----> 3 assert double(-3) == -6", "AssertionError: double(-3)"]


def cell_that_failed(*, grade: bool, solution: bool):
    cell = new_code_cell("double(2)")
    cell.outputs = [new_output("error", ename="AssertionError", evalue="wrong sign", traceback=TRACEBACK)]
    cell.metadata.nbgrader = {"grade": grade, "solution": solution, "grade_id": "double", "schema_version": 3}
    return cell


def shown(cell):
    notebook, _ = HideTracebacks().preprocess(new_notebook(cells=[cell]), {})
    return notebook.cells[0].outputs[0].traceback


def test_the_traceback_of_a_check_keeps_the_message_and_no_line_of_a_hidden_test():
    assert shown(cell_that_failed(grade=True, solution=False)) == ["AssertionError: wrong sign"]


def test_the_traceback_of_the_students_own_cell_stays():
    assert shown(cell_that_failed(grade=False, solution=True)) == TRACEBACK

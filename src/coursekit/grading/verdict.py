"""From what a submission did to what is recorded of it, and to what a person has to look at."""

from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from coursekit.grading.active import active_texts, without_active
from coursekit.grading.job import Executed, Job, Master, Outputs
from coursekit.grading.submissions import Submission

CLOSE = 1e-9


@dataclass
class Verdict:
    """What to record of one submission.

    Parameters
    ----------
    cells : dict of int to (source, outputs, execution count)
    to_read : set of str
        Grade cells that a person has to look at.
    open : set of str
        Those of them that have no score until a person gives one.
    reasons : list of str
        Why a person has to.
    remarks : list of str
        What may be worth a look, though nothing is wrong with the score.
    again : bool
        Whether to run it once more, alone: the machine may have been busy.
    """

    cells: dict[int, tuple[str, Outputs, int | None]] = field(default_factory=dict)
    to_read: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    again: bool = False


def weigh(submission: Submission, notebook: NotebookNode, job: Job, executed: Executed, master: Master) -> Verdict:
    """Weigh the outputs, the canaries and the judge's second opinions."""
    again = bool(executed.late or executed.ended) and not executed.forged
    verdict = Verdict(reasons=[*submission.reasons], remarks=[*submission.remarks], again=again)
    active = len(active_texts(notebook))
    for cell in job.cells:
        outputs, count = executed.cells.get(cell.index, ([], None))
        outputs, acts = without_active(outputs)
        active += acts
        verdict.cells[cell.index] = cell.source, outputs, count
    if active:
        verdict.reasons.append(f"{active} of its cells would run a script where they are shown; they are shown as text")
    checks = {cell.check: cell.index for cell in job.cells if cell.check}
    if missing := [exercise.check for exercise in master.exercises if exercise.check not in checks]:
        verdict.reasons.append(f"its notebook lacks {', '.join(missing)}")
    if submission.reasons:
        verdict.to_read |= {*checks}
    _what_did_not_run(verdict, executed, checks)
    points = {cell.metadata.nbgrader["grade_id"]: cell for cell in notebook.cells if is_grade(cell)}
    _what_took_too_long(verdict, points, executed, checks)
    _what_was_tampered_with(verdict, points, executed, checks)
    return verdict


def _what_did_not_run(verdict: Verdict, executed: Executed, checks: dict[str, int]) -> None:
    if executed.forged:
        verdict.reasons.append(executed.forged)
    elif executed.ended:
        verdict.reasons.append(executed.ended)
    for check, index in checks.items():
        if index not in executed.cells:
            verdict.open.add(check)
            source, _, count = verdict.cells[index]
            verdict.cells[index] = source, [_error("NotRun", executed.forged or executed.ended)], count


def _what_took_too_long(
    verdict: Verdict, points: dict[str, NotebookNode], executed: Executed, checks: dict[str, int]
) -> None:
    for late in executed.late:
        after = [check for check, index in checks.items() if index >= late]
        for check in after[:1]:
            cell = points[check]
            full = earned(cell, verdict.cells[checks[check]][1]) >= float(cell.metadata.nbgrader["points"]) - CLOSE
            (verdict.to_read if full else verdict.open).add(check)
        whose = f" (before or in {after[0]})" if after else ""
        verdict.reasons.append(f"code cell {late} was interrupted after its time{whose}")


def _what_was_tampered_with(
    verdict: Verdict, points: dict[str, NotebookNode], executed: Executed, checks: dict[str, int]
) -> None:
    sung = [check for check, outputs in executed.canaries.items() if check in points and earned(points[check], outputs)]
    if sung:
        verdict.reasons.append(f"its checks give points for no answer at all ({', '.join(sung)})")
    for check, index in checks.items():
        if check in verdict.open or not (has := earned(points[check], verdict.cells[index][1])):
            continue
        second = executed.verdicts.get(check)
        if second is None:
            if sung or executed.forged or check in executed.unjudged:
                verdict.open.add(check)
            if check in executed.unjudged:
                verdict.reasons.append(f"{check} could not be checked a second time: {executed.unjudged[check]}")
        elif (deserves := earned(points[check], second)) < has - CLOSE:
            verdict.to_read.add(check)
            source, _, count = verdict.cells[index]
            verdict.cells[index] = source, second, count
            verdict.reasons.append(f"{check} said {has:g} points in the student's process and {deserves:g} outside it")
        elif sung:
            verdict.to_read.add(check)


def earned(cell: NotebookNode, outputs: Outputs) -> float:
    """Points that nbgrader reads from a check's outputs; infinity for a value that it refuses."""
    if is_solution(cell) or cell.cell_type != "code":
        return 0.0
    shown = NotebookNode(cell_type="code", source=cell.source, metadata=cell.metadata, outputs=_nodes(outputs))
    try:
        return float(determine_grade(shown)[0] or 0.0)
    except (ValueError, KeyError, TypeError):
        return float("inf")


def _nodes(outputs: Outputs) -> list[NotebookNode]:
    return [NotebookNode(output) for output in outputs]


def _error(name: str, value: str) -> dict:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}

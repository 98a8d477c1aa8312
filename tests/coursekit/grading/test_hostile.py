"""What every attack of the corpus gets, and that nobody beside it loses or gains a point."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursekit.grading.journal import GRADED, HUMAN, Receipt
from coursekit.grading.sandbox import Limits

from . import hostile

NOTEBOOK = f"{hostile.LESSON}.ipynb"
EARNED = {"right": 10.0, "wrong": 0.0}  # what the answers are worth; the essay is left out
HONEST = {"ada": "right", "bo": "half"}
LARGEST = 5 * 2**20  # bytes of a notebook that nbgrader keeps


@dataclass(frozen=True)
class Case:
    """An attack, the answers under it, and what it must get.

    ``score`` is the sum of what the gradebook has (open checks count nothing); None where it is not settled, or
    nothing is recorded. ``human`` is a pattern of the reason why a person has to look, "" if the submission is simply
    graded; ``remark`` a phrase of what is pointed out.
    """

    attack: hostile.Attack
    answers: str
    score: float | None
    human: str = ""
    remark: str = ""

    @property
    def student(self) -> str:
        return f"{self.attack.__name__}-{self.answers}"


def harmless(*attacks: hostile.Attack, answers: str = "right", remark: str = "") -> list[Case]:
    """Attacks that change nothing: the answers get what they are worth."""
    return [Case(attack, answers, EARNED[answers], remark=remark) for attack in attacks]


def refused(reason: str, *attacks: hostile.Attack) -> list[Case]:
    """Submissions that cannot be graded."""
    return [Case(attack, "right", None, human=re.escape(reason)) for attack in attacks]


def caught(reason: str, *attacks: hostile.Attack) -> list[Case]:
    """Wrong answers dressed up as right ones: no points, and a person reads why."""
    return [Case(attack, "wrong", 0, human=reason) for attack in attacks]


IN_TIME = [
    *harmless(
        hostile.flood_of_output,
        hostile.flood_of_error,
        hostile.flood_of_data,
        hostile.flood_of_metadata,
        hostile.flood_of_nothing,
        hostile.many_laughs,
        hostile.waits_for_input,
        hostile.another_kernel,
        hostile.duplicates_a_check,
        hostile.duplicates_an_answer,
        hostile.version_three,
        hostile.file_names,
        hostile.reads_its_own_memory,
        hostile.odd_widgets,
    ),
    *(
        Case(attack, "right", 10, human="too much to read")
        for attack in (hostile.long_line, hostile.a_million_statements)
    ),
    *(
        Case(attack, "right", 10, human="would run a script")
        for attack in (hostile.script_in_outputs, hostile.script_in_text)
    ),
    Case(hostile.reads_the_sources_that_python_keeps, "right", 9),
    Case(hostile.reads_its_own_job, "right", 9),
    Case(hostile.borrows_in_a_thread, "right", 8),
    Case(hostile.sends_what_unfolds, "right", 2, human="wrote into"),
    Case(hostile.hands_the_judge_what_unfolds, "right", None, human="ended by itself"),
    Case(hostile.speaks_for_the_grader, "right", 2, human="a message out of turn"),
    Case(hostile.files_in_flight, "right", 10, remark="socket, os"),
    Case(hostile.memory_bomb_in_memfds, "right", 10, remark="os"),
    Case(hostile.a_sandbox_of_its_own, "right", 10, human="ctypes|__import__"),
    *harmless(hostile.flood_below_python, hostile.reads_old_descriptors, remark="uses os"),
    *harmless(hostile.reads_the_memory, remark="uses open"),
    *harmless(hostile.memory_bomb, hostile.calls_the_network, remark="socket"),
    *harmless(hostile.thread_bomb, remark="threading"),
    *harmless(hostile.disk_filler, remark="pathlib"),
    *harmless(hostile.reads_process_one, remark="socket, os, open"),
    *harmless(hostile.writes_into_the_course, remark="open"),
    *harmless(hostile.kills_everybody, hostile.kills_its_parent, remark="signal"),
    *harmless(hostile.raises_system_exit, remark="sys"),
    *harmless(
        hostile.reads_the_gradebook,
        hostile.reads_the_solution,
        hostile.reads_other_submissions,
        hostile.reads_the_system,
        hostile.fifo_in_checkpoints,
        remark="pathlib",
    ),
    *harmless(hostile.plants_numpy, hostile.plants_evenodds, remark="has a library's name"),
    *harmless(
        hostile.edits_checks,
        hostile.checks_become_markdown,
        hostile.awards_itself_points,
        hostile.raises_exception,
        hostile.duplicates_a_check,
        hostile.moves_a_check,
        hostile.unlocks_and_swaps_names,
        answers="wrong",
    ),
    *harmless(hostile.skips_execution, answers="wrong", remark="skip-execution"),
    *harmless(hostile.plants_evenodds, answers="wrong", remark="has a library's name"),
    *harmless(hostile.lone_surrogate, hostile.deep_data, hostile.data_that_holds_itself),
    Case(hostile.mounts_and_becomes_root, "right", 10, human="ctypes"),
    Case(hostile.plants_start_files, "right", 10, human="builtins"),
    Case(hostile.inode_filler, "right", 10, remark="pathlib"),
    Case(hostile.moves_a_check, "right", 7),
    Case(hostile.unlocks_and_swaps_names, "right", 8),
    Case(hostile.plain_recursion, "right", 8),
    Case(hostile.deep_recursion, "right", 8, remark="sys"),
    Case(hostile.plants_answers, "right", 8),
    Case(hostile.huge_integer, "right", 8),
    Case(hostile.endless_values, "right", 5),
    Case(hostile.borrows_from_the_library, "right", 8),
    Case(hostile.answer_is_the_library, "right", 8),
    Case(hostile.hides_the_library, "right", 10, human="setprofile"),
    Case(hostile.deletes_a_check, "right", 7, human="lacks check-shares"),
    Case(hostile.deletes_every_check, "right", 0, human="lacks check-double, check-shares"),
    Case(hostile.no_metadata, "right", 0, human="lacks check-double"),
    # Ending
    *(
        Case(attack, "right", 2, human="its process ended by itself")
        for attack in (hostile.os_exit, hostile.exits, hostile.kills_itself, hostile.segfaults, hostile.shell_commands)
    ),
    Case(hostile.twin, "right", 0, human="wrote into the grader's connection"),
    # Talking to the grader
    Case(hostile.forges_scores, "wrong", 0, human="gc"),
    Case(hostile.opaque_to_the_judge, "wrong", 0, human="points for no answer at all"),
    Case(hostile.lies_to_the_judge, "wrong", 0, human="gc"),
    *(
        Case(attack, "right", 2, human="wrote into the grader's connection")
        for attack in (
            hostile.sends_rubbish,
            hostile.sends_a_giant,
            hostile.sends_a_pickle,
            hostile.sends_odd_shapes,
            hostile.sends_outputs_that_are_none,
        )
    ),
    Case(hostile.sends_a_bad_count, "right", None, human="gc"),
    # Patching
    *caught("outside it", hostile.patches_numpy_testing, hostile.patches_comparison, hostile.patches_quietly),
    *caught(
        "points for no answer at all",
        hostile.patches_check,
        hostile.patches_report,
        hostile.own_check,
        hostile.drops_asserts,
        hostile.rewrites_cells,
        hostile.replaces_results,
        hostile.adds_results,
        hostile.reports_full_points,
        hostile.reports_a_hundred,
        hostile.reports_nan,
        hostile.reports_infinity,
        hostile.reports_less_than_nothing,
        hostile.reports_a_text,
    ),
    *caught("builtins", hostile.patches_builtins, hostile.patches_float),
    *caught("get_ipython", hostile.adds_results_quietly),
    Case(hostile.reports_nan_quietly, "wrong", 1, human="said 2 points in the student's process and 1 outside it"),
    *caught("could not be checked a second time", hostile.patches_everything_by_dictionary),
    *caught("could not be checked a second time", hostile.own_check_and_opaque_answer),
    # Answers that are not what they seem
    *caught("__eq__", hostile.always_equal, hostile.always_equal_dict, hostile.always_equal_float),
    *caught("__eq__", hostile.always_equal_array),
    *caught("outside it", hostile.always_equal_unnamed),
    *caught("could not be checked a second time", hostile.always_equal_mock),
    Case(hostile.always_right_letter, "wrong", None, human="__eq__"),
    Case(hostile.unseals_the_quiz, "wrong", None, human="unseal"),
    Case(hostile.right_at_first, "right", 10),
    Case(hostile.wrong_at_first, "right", 8),
    Case(hostile.endless_answer_later, "right", 10),
    Case(hostile.right_only_inside, "right", 8, human="said 2 points in the student's process and 0 outside it"),
    Case(hostile.right_only_outside, "wrong", 0, human="_getframe"),
    Case(hostile.reads_the_check, "wrong", None, human="In"),
    Case(hostile.reads_what_is_wanted, "wrong", None, human="__closure__"),
    Case(hostile.reads_the_callers, "wrong", None, human="_getframe"),
    # What nbgrader relies on
    *refused("SchemaTooNewError", hostile.schema_from_the_future),
    *refused("SchemaTooOldError", hostile.schema_missing),
    *refused("Error", hostile.odd_metadata, hostile.odd_tags, hostile.adds_a_check, hostile.negative_points),
    *refused("is an empty file", hostile.empty_file),
    *refused("not appear to be JSON", hostile.not_json),
    *refused("UnicodeDecodeError", hostile.binary),
    *refused("RecursionError", hostile.deep_json, hostile.deep_metadata),
    *refused("Unsupported nbformat version 99", hostile.version_ninety_nine),
    *refused("UnicodeEncodeError", hostile.surrogate_in_source),
    *refused("metadata", hostile.no_notebook_metadata),
    *refused(
        "Error",
        hostile.a_list,
        hostile.a_null,
        hostile.cells_are_a_dict,
        hostile.cells_are_numbers,
        hostile.sources_are_numbers,
    ),
    # Files
    *refused("its notebook has 200 MB, more than 20", hostile.giant),
    *refused("the files beside its notebook have 200 MB", hostile.giant_beside),
    *refused("more than 1000 files", hostile.many_files),
    *refused("its folder cannot be read", hostile.deep_folders),
    *refused("the files beside its notebook have 1048576 MB", hostile.sparse_file),
    *refused(f"no {NOTEBOOK} in it, but {hostile.LESSON} (1).ipynb", hostile.wrong_name),
    *refused(f"no {NOTEBOOK} in it", hostile.no_notebook, hostile.other_case, hostile.notebook_is_a_folder),
    *refused("its folder is empty", hostile.empty_folder),
    *refused(
        "is a symbolic link",
        hostile.symlinked_notebook,
        hostile.symlink_to_the_system,
        hostile.symlink_to_the_course,
        hostile.symlinked_timestamp,
        hostile.symlinked_folder,
        hostile.symlinked_student,
        hostile.symlink_circle,
    ),
    *refused("is neither a file nor a folder", hostile.fifo, hostile.fifo_for_a_notebook),
    *refused("link", hostile.hard_link),
    *(
        Case(attack, "right", 10, human="timestamp.txt cannot be read as a time")
        for attack in (
            hostile.timestamp_of_rubbish,
            hostile.timestamp_of_bytes,
            hostile.timestamp_is_a_folder,
            hostile.timestamp_empty,
            hostile.timestamp_before_time,
        )
    ),
]
# Which limit forks run into first is the machine's to say.
STOPPED = "too much memory|wrote into|stopped answering|could not be interrupted"
OVER_THE_LIMITS = [
    Case(hostile.endless_loop, "right", 10, human="interrupted after its time"),
    Case(hostile.loop_that_swallows_interrupts, "right", 2, human="could not be interrupted"),
    Case(hostile.interrupts_ignored, "right", 2, human="could not be interrupted"),
    Case(hostile.endless_answer, "right", 8, human="interrupted after its time"),
    Case(hostile.fork_bomb, "right", None, human=STOPPED),
    Case(hostile.memory_bomb_in_children, "right", 2, human=STOPPED),
    Case(hostile.memory_bomb_shared, "right", 2, human=STOPPED),
    Case(hostile.memory_bomb_at_the_judge, "right", None, human="too much memory"),
    Case(hostile.stalls_between_cells, "right", 2, human="could not be interrupted"),
    Case(hostile.stalls_in_a_message, "right", 2, human="stopped answering"),
    Case(hostile.deaf_to_the_judge, "right", 0, human="could not be checked a second time"),
]
SMALL = Limits(seconds=1, megabytes=400, grace=1)
EACH = 48
RUNS = [(Limits(), IN_TIME[first : first + EACH]) for first in range(0, len(IN_TIME), EACH)] + [
    (SMALL, OVER_THE_LIMITS)
]
CASES = [pytest.param(case, id=case.student) for _, cases in RUNS for case in cases]
NAMES = [
    *("Zoë Ångström", "名前", "Jo Smith", "O'Hara", 'quo"te', "a[b]", "-rf", "--help", "{student_id}", "%s", "$HOME"),
    f"{hostile.LESSON}.csv",
    *("a+b", "back\\slash", "*", "?", "~", ";ls", "=1+1", "x" * 200),
]


@dataclass
class Graded:
    """A class with attackers in it, after a run."""

    course: Any
    receipts: dict[str, Receipt]

    def scores(self, student: str) -> dict[str, float | None]:
        """The automatic scores, without the essay's."""
        return {name: given[0] for name, given in self.course.scores(student).items() if name != "who"}

    def shown(self, student: str) -> str:
        """All that its cells wrote, in the notebook that nbgrader keeps."""
        return "".join(
            output.get("text", "")
            for cell in self.course.autograded(student).cells
            for output in cell.get("outputs", [])
        )


def hand_in(course: Any, case: Case) -> None:
    folder = course.hand_in(case.student, case.answers)
    made = case.attack(course.answered(case.answers), folder)
    if made is not None:
        content = made if isinstance(made, bytes) else nbformat.writes(made).encode()
        (folder / NOTEBOOK).write_bytes(content)


@pytest.fixture(scope="module")
def graded(new_course: Callable) -> Callable[[Case], Graded]:
    """The run that a case is in; each is made once, when the first of its cases is asked for."""
    done: dict[int, Graded] = {}

    def run_of(case: Case) -> Graded:
        number = next(number for number, (_, cases) in enumerate(RUNS) if case in cases)
        if number not in done:
            limits, cases = RUNS[number]
            course = new_course()
            for student, answers in HONEST.items():
                course.hand_in(student, answers)
            for each in cases:
                hand_in(course, each)
            done[number] = Graded(course, course.grade(limits=limits))
        return done[number]

    return run_of


@pytest.fixture(scope="module")
def alone(new_course: Callable) -> Graded:
    """The honest students, graded without anybody else."""
    course = new_course()
    for student, answers in HONEST.items():
        course.hand_in(student, answers)
    return Graded(course, course.grade())


@pytest.mark.parametrize("case", CASES)
def test_an_attack_gets_what_it_deserves(case: Case, graded: Callable[[Case], Graded]) -> None:
    run = graded(case)
    receipt = run.receipts[case.student]
    told = "; ".join(receipt.reasons)
    assert re.search(case.human, told)
    assert receipt.status == (HUMAN if case.human else GRADED), told
    assert case.remark in "; ".join(receipt.remarks)
    recorded = sum(score or 0 for score in run.scores(case.student).values())
    if case.score is not None:
        assert recorded == case.score
    elif not receipt.recorded:
        assert recorded == 0


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].answers == "wrong"])
def test_a_cheat_is_never_silently_given_points(case: Case, graded: Callable[[Case], Graded]) -> None:
    run = graded(case)
    if run.receipts[case.student].status == GRADED:
        assert sum(score or 0 for score in run.scores(case.student).values()) == 0


@pytest.mark.parametrize("case", CASES)
def test_an_attack_sees_nothing_and_leaves_little(case: Case, graded: Callable[[Case], Graded]) -> None:
    run = graded(case)
    kept = run.course.klass / "autograded" / case.student / hostile.LESSON / NOTEBOOK
    if kept.exists():
        assert hostile.LEAKED not in run.shown(case.student)
        assert kept.stat().st_size < LARGEST
    assert not (run.course.submitted(case.student) / "planted").exists()


@pytest.mark.parametrize("number", range(len(RUNS)))
def test_honest_neighbours_get_what_they_get_alone(
    number: int, graded: Callable[[Case], Graded], alone: Graded
) -> None:
    run = graded(RUNS[number][1][0])
    assert {student: run.receipts[student].status for student in HONEST} == dict.fromkeys(HONEST, GRADED)
    assert run.course.rows({*HONEST}) == alone.course.rows({*HONEST})
    for student in HONEST:
        assert run.course.autograded(student) == alone.course.autograded(student)


def test_the_honest_get_their_points(alone: Graded) -> None:
    assert alone.scores("ada") == {
        "check-double": 2,
        "check-shares": 3,
        "check-tally": 2,
        "check-quiz-zero": 1,
        "check-cards-sides": 2,
    }
    assert alone.scores("bo") == {
        "check-double": 1,
        "check-shares": 3,
        "check-tally": 0,
        "check-quiz-zero": 0,
        "check-cards-sides": 1,
    }


def test_every_attack_of_the_corpus_is_tried() -> None:
    attacks = {
        name
        for name, thing in vars(hostile).items()
        if callable(thing) and getattr(thing, "__annotations__", {}).get("folder") is Path and name[0] != "_"
    }
    assert attacks == {case.attack.__name__ for _, cases in RUNS for case in cases}
    assert all(vars(hostile)[name].__doc__ for name in attacks)


@pytest.fixture(scope="module")
def named(new_course: Callable) -> Graded:
    """A class of right answers whose names are hard to handle."""
    course = new_course()
    for name in NAMES:
        course.hand_in(name, "right")
    return Graded(course, course.grade())


@pytest.mark.parametrize("name", NAMES)
def test_no_name_costs_anything(name: str, named: Graded) -> None:
    assert named.receipts[name].reasons == []
    assert sum(score or 0 for score in named.scores(name).values()) == EARNED["right"]


@pytest.mark.parametrize("name", [b"caf\xe9", b" ada", b"two\nlines", b"\x1b[31mred"])
def test_a_name_that_nbgrader_cannot_have_costs_nobody_else(name: bytes, tiny_course: Any) -> None:
    tiny_course.hand_in("ada", "right")
    tiny_course.hand_in(os.fsdecode(name), "wrong")
    receipts = tiny_course.grade()
    assert receipts["ada"].status == GRADED
    assert receipts[os.fsdecode(name)].status == HUMAN
    assert sum(given[0] or 0 for given in tiny_course.scores("ada").values()) == EARNED["right"]


def test_the_course_stays_out_of_sight_when_python_searches_it(
    tiny_course: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with ``python -m`` in the repository, which puts the working directory on the search path."""
    monkeypatch.syspath_prepend(tiny_course.root)
    attacks = [hostile.reads_the_gradebook, hostile.reads_the_solution, hostile.reads_other_submissions]
    tiny_course.hand_in("ada", "right")
    cases = [Case(attack, "right", 10) for attack in attacks]
    for case in cases:
        hand_in(tiny_course, case)
    run = Graded(tiny_course, tiny_course.grade())
    assert not any(hostile.LEAKED in run.shown(case.student) for case in cases)


def test_a_garbled_time_of_a_submission_that_nbgrader_graded_stops_nobody(tiny_course: Any) -> None:
    tiny_course.hand_in("ada", "right")
    tiny_course.hand_in("bo", "right", timestamp="the day before yesterday")
    left = tiny_course.klass / "autograded" / "bo" / hostile.LESSON
    left.mkdir(parents=True)
    (left / NOTEBOOK).write_bytes((tiny_course.submitted("bo") / NOTEBOOK).read_bytes())
    assert tiny_course.grade()["ada"].status == GRADED

"""``coursekit``: build a course's lessons from their sources, and prove that their exercises mark fairly."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from coursekit import build as building
from coursekit.course import DATA, find_root, lessons, missing_data
from coursekit.examine import examine, table
from coursekit.source import SourceError, read_lesson

SECONDS, MEGABYTES = 30, 1000
DEMO = "build/demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 is well, 1 is something to mend in the course, 2 cannot be run, 130 was interrupted."""
    options = _parser().parse_args(arguments)
    root = Path()
    try:
        root = find_root(options.root)
        sources = lessons(root, options.lessons)
        if not sources:
            raise ValueError(f"no course/*/lesson.md under {root}")
        return options.run(root, sources, options)
    except (SourceError, RuntimeError) as error:
        print(str(error).replace(f"{root}/", ""), file=sys.stderr)
        return 1
    except (ValueError, OSError) as error:
        print(f"coursekit: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coursekit", description=__doc__)
    parser.add_argument("--root", type=Path, help="the repository (default: found from the working directory)")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    build = verbs.add_parser(
        "build",
        help="lesson.md → solutions/ and lessons/",
        description="Execute each lesson, write its solution notebook with outputs, and release the student's "
        "notebook with nbgrader's generate_assignment. Files that would not change are left alone.",
    )
    build.add_argument("--check", action="store_true", help="write nothing; list what is stale, exit 1 if anything is")
    check = verbs.add_parser(
        "check",
        help="lint the sources and try every answer of answers.py",
        description="Lint lesson sources and built notebooks, then run the mutation bank: the solution and every "
        "right answer earn full points, every wrong one loses some and is told why, the stub earns none.",
    )
    demo = verbs.add_parser(
        "demo",
        help="rehearse a class with stock nbgrader",
        description=f"Release a built lesson, hand in for a few made-up students, grade, write feedback and a CSV, and "
        f"show the class in one table. Everything happens in {DEMO}/; the real class stays untouched.",
    )
    for verb, run, chosen in ((build, _build, []), (check, _check, []), (demo, _demo, ["01"])):
        default = " ".join(chosen) or "all"
        lesson = f"folder name or number, such as 01 (default: {default})"
        verb.add_argument("lessons", nargs="*", metavar="LESSON", default=chosen, help=lesson)
        verb.set_defaults(run=run)
    _add_grade(verbs)
    _add_feedback(verbs)
    _add_export(verbs)
    _add_similar(verbs)
    return parser


def _add_grade(verbs: argparse._SubParsersAction) -> None:
    grade = verbs.add_parser(
        "grade",
        help="grade what was handed in, in sandboxes, with nbgrader's scores",
        description="Grade every submission of a lesson that is not graded yet: run it in a sandbox without network, "
        "gradebook or other people's files, and have nbgrader score and record what its checks said. What cannot be "
        "graded, or looks tampered with, is left to a human and named with the reason. Stop it at any time and run it "
        "again: it goes on where it was.",
    )
    grade.add_argument("lessons", nargs=1, metavar="LESSON", help="folder name or number, such as 01")
    grade.add_argument("--workers", type=int, metavar="N", help="submissions at once (default: one for each core)")
    grade.add_argument("--timeout", type=float, metavar="S", help="seconds for one cell (default: 60)")
    grade.add_argument("--memory", type=int, metavar="MB", help="for one submission (default: 1500)")
    grade.add_argument("--student", action="append", metavar="ID", help="only this student; may be repeated")
    grade.add_argument("--force", action="store_true", help="also submissions that are graded already")
    grade.add_argument("--scheduler", default="", metavar="ADDRESS", help="execute on the workers of this Dask cluster")
    grade.add_argument(
        "--no-sandbox", action="store_true", help="run student code with your own rights; only for code you trust"
    )
    grade.set_defaults(run=_grade)


def _add_feedback(verbs: argparse._SubParsersAction) -> None:
    feedback = verbs.add_parser(
        "feedback",
        help="write what students see of their graded work",
        description="Write a page of feedback for every graded submission of a lesson, with nbgrader's "
        "generate_feedback, and replace pages that are there. No page shows a hidden test: not its source, and no "
        "output that quotes a line of it. A submission that cannot be converted is named and stops no other.",
    )
    feedback.add_argument("lessons", nargs=1, metavar="LESSON", help="folder name or number, such as 01")
    feedback.add_argument("--student", metavar="ID", help="only this student (default: all)")
    feedback.set_defaults(run=_feedback)


def _add_export(verbs: argparse._SubParsersAction) -> None:
    export = verbs.add_parser(
        "export",
        help="grades as CSV for a spreadsheet, Canvas or Moodle",
        description="Write the gradebook's scores to a CSV file. An empty cell means not graded; 0 is a grade. A "
        "lesson's total has the late penalty taken off; its exercises do not.",
    )
    export.add_argument("lessons", nargs="*", metavar="LESSON", help="name or number (default: all in the gradebook)")
    export.add_argument("--to", required=True, metavar="FILE", help="the file to write; one that is there is replaced")
    export.add_argument(
        "--format",
        choices=("nbgrader", "canvas", "moodle"),
        default="nbgrader",
        help="nbgrader: one row for each lesson and student, totals only (default). canvas: the file that Gradebook > "
        "Import reads. moodle: the file that Grades > Import > CSV reads; map its ID number or email to the user. Both "
        "have a row for each student and a column for each exercise and each lesson",
    )
    export.add_argument(
        "--provisional",
        action="store_true",
        help="give lessons that are graded in part, such as all but the essay, the total of that part "
        "(default: their total stays empty)",
    )
    export.add_argument(
        "--totals",
        action="store_true",
        help="canvas and moodle: leave the exercises out, so that the LMS does not add their points to the total's",
    )
    export.set_defaults(run=_export)


def _add_similar(verbs: argparse._SubParsersAction) -> None:
    similar = verbs.add_parser(
        "similar",
        help="submissions that are alike where the class is not",
        description="List pairs of submissions that share what few others wrote: the same code but for names, layout, "
        "comments and docstrings, in several exercises or in one long one, or the same essay word for word. It changes "
        "no score, and it is a reason to look, no evidence: people who learn together write alike, and some copy from "
        "a source that both may use. It sees only the cells that were handed out for answers; it does not see code "
        "whose statements were moved or put differently, a paraphrased essay, or what was copied from outside the "
        "class. Answers that are short, that the course foresaw or that many wrote count nothing, and in a class of "
        "fewer than eight no code does.",
    )
    similar.add_argument("lessons", nargs=1, metavar="LESSON", help="folder name or number, such as 01")
    similar.add_argument("--to", type=Path, metavar="FILE", help="also write all pairs to this CSV file")
    similar.set_defaults(run=_similar)


def _build(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    sources = [source for source in sources if not _lacks_data(source)]
    if not sources:
        return 0
    costs, stale = building.build(root, sources, check=options.check)
    for cost in costs:
        over = cost.seconds > SECONDS or cost.megabytes > MEGABYTES
        budget = f"  over the budget of {SECONDS} s and {MEGABYTES} MB" if over else ""
        print(f"{cost.lesson:32} {cost.seconds:6.1f} s {cost.megabytes:6.0f} MB{budget}")
    if not options.lessons:
        stale += building.without_source(root)
    for found in stale:
        print(f"{found.path}: {found.why}")
        if options.check and found.diff:
            print("    " + found.diff.replace("\n", "\n    "))
    done = ", built anew" if stale and not options.check else ""
    print(f"{_count(len(sources), 'lesson')}, {_count(len(stale), 'stale file')}{done}")
    return 1 if stale and options.check else 0


def _check(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    found = examine(root, sources)
    for problem in found.problems:
        print(problem)
    for line in table(found.verdicts):
        print(line)
    faults = len(found.problems) + sum(not verdict.fair for verdict in found.verdicts)
    print(f"{_count(len(sources), 'lesson')}, {_count(len(found.verdicts), 'answer')}, {_count(faults, 'fault')}")
    return 1 if faults else 0


def _demo(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    # nbgrader takes seconds to import; building and checking do without.
    from coursekit import rehearsal

    for source in sources:
        scratch = root / DEMO / source.parent.name
        for line in rehearsal.table(rehearsal.rehearse(read_lesson(source), root, scratch)):
            print(line)
        print(f"Submissions, feedback and grades.csv are in {scratch.relative_to(root)}/course/class")
    return 0


def _grade(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    if sys.platform == "win32":
        raise ValueError("grading needs Linux, or macOS with --no-sandbox; on Windows, run it in WSL")
    # nbgrader takes seconds to import.
    from coursekit.grading.grade import Options, grade
    from coursekit.grading.sandbox import Limits

    given = {"seconds": options.timeout, "megabytes": options.memory}
    chosen = Options(
        limits=Limits(**{name: value for name, value in given.items() if value is not None}),
        students=tuple(options.student or ()),
        force=options.force,
        scheduler=options.scheduler,
        sandboxed=not options.no_sandbox,
        **({} if options.workers is None else {"workers": options.workers}),
    )
    grade(root, sources[0].parent.name, chosen)
    return 0


def _feedback(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    from coursekit import handback

    failed = [each for source in sources for each in handback.write(source.parent.name, root, options.student)]
    return 1 if failed else 0


def _export(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    from coursekit.export import FORMATS
    from coursekit.gradebook import class_config, open_gradebook

    chosen = [source.parent.name for source in sources] if options.lessons else []
    how = {"provisional": options.provisional, "totals": options.totals}
    with open_gradebook(class_config(root)) as gradebook:
        FORMATS[options.format](to=options.to, assignment=chosen, **how).export(gradebook)
    print(f"Grades are in {options.to}")
    return 0


def _similar(root: Path, sources: list[Path], options: argparse.Namespace) -> int:
    from coursekit import similar

    found = similar.similar(root, read_lesson(sources[0]))
    for line in similar.table(sources[0].parent.name, found):
        print(line)
    if options.to:
        similar.write_csv(options.to, found)
        print(f"All pairs are in {options.to}")
    return 0


def _lacks_data(source: Path) -> bool:
    """Whether a lesson has to be left as it is, because data that its stored outputs come from are not here."""
    missing = missing_data(read_lesson(source).needs)
    if missing and os.environ.get("CI"):
        raise ValueError(f"{source.parent.name} needs {', '.join(missing)} in {DATA}; CI leaves no lesson out")
    if missing:
        print(f"{source.parent.name} is left as it is: it needs {', '.join(missing)} in the folder that {DATA} names")
    return bool(missing)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

"""Check one exercise: a list of facts about the answer, tried in order, reported together."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .calling import Outcome, imported_from, quiet, run
from .compare import difference, kind, same
from .guess import remember
from .report import Finding, Report
from .show import call, shown
from .slips import slip

Mistake = tuple[Any, str]

ADVICE: dict[type[BaseException], str] = {
    ZeroDivisionError: "There is nobody to divide by: a rate over an empty group is undefined, `float('nan')`.",
    NameError: "A name is used that does not exist: run the cells above, or look for a typing mistake.",
    KeyError: "That key is not there: not every value occurs in every input.",
    RecursionError: "The function calls itself without end.",
}


class Check:
    """Try the answer called `name` on inputs, and say which mistake it makes.

    Every fact stated about the answer (`given(…).returns(…)`, `agrees_with`) is worth the same share of
    the points, so that a right answer earns all of them with or without the hidden facts.

    Parameters
    ----------
    name : str
        The name that the student's cell defines: a function, or a variable.
    points : float
        What a fully right answer earns.

    Notes
    -----
    The function is called on copies of the inputs; what it prints or warns about is kept out of the cell, since
    anything on stderr costs all points in nbgrader. Lists among the inputs are handed over as NumPy arrays.
    A function that was imported from a fairness library, or calls one, earns nothing: the exercise is to write it.

    Examples
    --------
    >>> def share(y_pred):
    ...     return sum(y_pred)
    >>> check = Check("share", points=2)
    >>> _ = check.given([1, 0, 1, 1]).returns(0.75).mistake(3, "Divide by the number of people.")
    >>> check.report()
    0.0
    >>> print(check.report().findings[0].says)
    You got 3, not 0.750. Divide by the number of people.
    """

    def __init__(self, name: str, points: float):
        self.name = name
        self.points = points
        self._namespace = sys._getframe(1).f_globals
        self._facts: list[Fact] = []
        self._assuming: dict[str, Callable] = {}

    def given(self, *args: Any, **kwargs: Any) -> Given:
        """The answer is a function; call it with these arguments, and state next what must come out."""
        fact = Given(_as_arrays(args), dict(zip(kwargs, _as_arrays(kwargs.values()), strict=True)))
        self._facts.append(fact)
        return fact

    def agrees_with(
        self,
        oracle: Callable,
        inputs: Iterable[tuple],
        *,
        title: str,
        mistakes: Sequence[tuple[Callable, str]] = (),
    ) -> None:
        """The answer gives what `oracle` gives on every one of `inputs` (tuples of arguments): one fact in all."""
        self._facts.append(Agreement(oracle, [_as_arrays(i) for i in inputs], title, mistakes))

    def assuming(self, **right: Callable) -> None:
        """While the answer runs, let these right functions stand in for earlier exercises that it may call."""
        self._assuming.update(right)

    def report(self) -> Report:
        """Try every fact and add up the points."""
        refusal = self._refusal()
        findings = [refusal] if refusal else self._findings()
        earned = self.points * (sum(f.passed for f in findings) / max(len(findings), 1))
        report = Report(earned, points=self.points, name=self.name, findings=findings, remark=self._remark())
        remember(self.name, report.passed)
        return report

    def _refusal(self) -> Finding | None:
        """Why nothing can be tried at all: no answer there, or an answer that somebody else wrote."""
        if self.name not in self._namespace:
            return Finding(False, f"`{self.name}` exists", "There is no such name yet. Run the cell with your answer.")
        answer = self._namespace[self.name]
        if not callable(answer):
            return Finding(False, f"`{self.name}` is a function", f"It is {shown(answer)}: define it with `def`.")
        library = imported_from(answer)
        return _borrowed_finding(self.name, library) if library else None

    def _findings(self) -> list[Finding]:
        answer, findings = self._namespace[self.name], []
        for fact in self._facts:
            finding = fact.tried_on(self.name, answer, self._assuming)
            if isinstance(finding, _Stop):
                return [finding.finding]
            findings.append(finding)
        return _without_repeats(findings)

    def _remark(self) -> str:
        if any(fact.changed_input for fact in self._facts):
            return "Your function changes the values it is given. Work on a copy, or the next cell meets other numbers."
        results = [fact.result for fact in self._facts if isinstance(fact, Given) and fact.result is not None]
        if (
            len(results) > 1
            and not any(right for _, right in results[1:])
            and all(same(value, results[0][0]) for value, _ in results)
        ):
            return "The answer is the same for different inputs. Does your function use what it is given?"
        return ""


class _Stop:
    """The rest need not be tried: this finding is the whole report."""

    def __init__(self, finding: Finding):
        self.finding = finding


class Fact:
    """Something that must hold of an answer."""

    changed_input = False

    def tried_on(self, name: str, answer: Any, assuming: dict[str, Callable]) -> Finding | _Stop:
        raise NotImplementedError

    def _call(self, name: str, answer: Any, args: tuple, kwargs: dict, assuming: dict) -> Outcome | _Stop:
        outcome = run(answer, args, kwargs, assuming)
        self.changed_input = self.changed_input or outcome.changed_input
        if outcome.borrowed:
            return _Stop(_borrowed_finding(name, outcome.borrowed))
        if isinstance(outcome.error, NotImplementedError):
            return _Stop(Finding(False, f"`{name}` is written", "Not written yet: put your code in place of `raise`."))
        return outcome


class Given(Fact):
    """One call of the answer, and what must come of it."""

    def __init__(self, args: tuple, kwargs: dict[str, Any]):
        self.args, self.kwargs = args, kwargs
        self.mistakes: list[Mistake] = []
        self.title: str | None = None
        self._complain: Callable[[Outcome], str | None] = _only_runs
        self.result: tuple[Any, bool] | None = None

    def returns(self, want: Any, title: str | None = None) -> Given:
        """The value that must come out."""
        self._complain = lambda outcome: _complaint(outcome, want, self.mistakes, (self.args, self.kwargs))
        self.title = title
        return self

    def raises(self, error: type[Exception], mentions: str = "", title: str | None = None) -> Given:
        """The error that must be raised, and a word its message must contain."""
        self._complain = lambda outcome: _error_complaint(outcome, error, mentions)
        self.title = title
        return self

    def that(self, test: Callable[[Any], bool | str], title: str) -> Given:
        """A property of what comes out: `test` says True, or a sentence about what is wrong."""
        self._complain = lambda outcome: _property_complaint(outcome, test)
        self.title = title
        return self

    def mistake(self, wrong: Any, says: str) -> Given:
        """A wrong value (or a function that computes it from the same inputs) and the sentence that sets it right."""
        self.mistakes.append((wrong, says))
        return self

    def tried_on(self, name: str, answer: Any, assuming: dict[str, Callable]) -> Finding | _Stop:
        outcome = self._call(name, answer, self.args, self.kwargs, assuming)
        if isinstance(outcome, _Stop):
            return outcome
        called = call(name, self.args, self.kwargs)
        says = self._complain(outcome)
        self.result = None if outcome.error else (outcome.value, says is None)
        if says is not None:
            return Finding(False, self.title or f"`{called}`", says, called if self.title and self.args else "")
        result = "" if outcome.error or self.title else f" is `{shown(outcome.value)}`"
        return Finding(True, self.title or f"`{called}`{result}")


class Agreement(Fact):
    """The answer and an independent right one, side by side on many inputs."""

    def __init__(self, oracle: Callable, inputs: list[tuple], title: str, mistakes: Sequence[Mistake]):
        self.oracle, self.inputs, self.title, self.mistakes = oracle, inputs, title, mistakes

    def tried_on(self, name: str, answer: Any, assuming: dict[str, Callable]) -> Finding | _Stop:
        wants = [self._right(args) for args in self.inputs]
        outcomes = []
        for args in self.inputs:
            outcome = self._call(name, answer, args, {}, assuming)
            if isinstance(outcome, _Stop):
                return outcome
            outcomes.append(outcome)
        complaints = [
            (args, _complaint(outcome, want, self.mistakes, (args, {})))
            for args, outcome, want in zip(self.inputs, outcomes, wants, strict=True)
        ]
        failed = [(args, says) for args, says in complaints if says]
        if not failed:
            return Finding(True, self.title)
        shortest, says = min(((call(name, args, {}), says) for args, says in failed), key=lambda pair: len(pair[0]))
        return Finding(False, self.title, says, shortest)

    def _right(self, args: tuple) -> Any:
        with quiet():
            return self.oracle(*args)


def _complaint(outcome: Outcome, want: Any, mistakes: Sequence[Mistake], inputs: tuple) -> str | None:
    """The sentence that sets a wrong outcome right, or None if it is right."""
    if outcome.error is not None:
        return _error_says(outcome.error)
    got = outcome.value
    form = difference(got, want)
    if form is None:
        return None
    known = next((says for wrong, says in mistakes if _recognises(wrong, got, inputs)), None)
    if form and not known:
        return form
    met = f"You got {shown(got, want)}, not {shown(want, got)}."
    return f"{met} {known or slip(got, want) or ''}".rstrip()


def _recognises(wrong: Any, got: Any, inputs: tuple) -> bool:
    """Whether `got` is the known wrong value, or what a wrong *function* makes of the same inputs."""
    if not callable(wrong):
        return same(got, wrong)
    try:
        with quiet():
            return same(got, wrong(*inputs[0], **inputs[1]))
    except Exception:
        return False


def _error_complaint(outcome: Outcome, error: type[Exception], mentions: str) -> str | None:
    if outcome.error is None:
        return f"You returned {shown(outcome.value)}; raise a {error.__name__} here."
    if not isinstance(outcome.error, error):
        return f"A {error.__name__} was expected. {_error_says(outcome.error)}"
    if mentions.lower() not in str(outcome.error).lower():
        return f"Your message does not mention “{mentions}”: “{outcome.error}”. Say what was wrong with the input."
    return None


def _property_complaint(outcome: Outcome, test: Callable[[Any], bool | str]) -> str | None:
    if outcome.error is not None:
        return _error_says(outcome.error)
    try:
        with quiet():
            verdict = test(outcome.value)
    except Exception as error:
        return f"What you returned, {kind(outcome.value)}, cannot be read ({type(error).__name__}: {error})."
    return None if verdict is True else verdict or f"You returned {shown(outcome.value)}."


def _only_runs(outcome: Outcome) -> str | None:
    return _error_says(outcome.error) if outcome.error is not None else None


def _error_says(error: BaseException) -> str:
    line = next(
        (f.line for f in reversed(traceback.extract_tb(error.__traceback__)) if f.line and _in_a_cell(f.filename)),
        None,
    )
    where = f" at `{line.strip()}`" if line else ""
    advice = next((says for known, says in ADVICE.items() if isinstance(error, known)), "")
    return f"Your function stopped with {type(error).__name__}{where}: {str(error).rstrip('.')}. {advice}".rstrip()


def _in_a_cell(filename: str) -> bool:
    return "ipykernel" in filename or filename.startswith("<")


def _borrowed_finding(name: str, library: str) -> Finding:
    return Finding(
        False,
        f"`{name}` is your own work",
        f"The answer comes from `{library}`. It is right, and it earns nothing here: write the calculation yourself.",
    )


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    """Say a sentence once; where the same one would come again, refer to it."""
    said: set[str] = set()
    result = []
    for finding in findings:
        result.append(replace(finding, says="The same again.") if finding.says in said else finding)
        said |= {finding.says} - {""}
    return result


def _as_arrays(values: Iterable[Any]) -> tuple:
    return tuple(np.array(v) if isinstance(v, list) else v for v in values)

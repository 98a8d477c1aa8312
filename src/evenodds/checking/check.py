"""Check one exercise: a list of facts about the answer, tried in order, reported together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .calling import Outcome, imported_from, quiet, run
from .compare import same
from .complaints import Mistake, about_property, about_required_error, about_running, about_value, raised_in
from .guess import has_failed, remember
from .report import Finding, Report
from .show import SHORT, call, shown


class Check:
    """Try the answer called `name` on inputs, and say which mistake it makes.

    Every fact stated about the answer (`given(…).returns(…)`, `agrees_with`) is worth the same share of
    the points, so that a right answer earns all of them with or without the hidden facts.

    Parameters
    ----------
    name : str
        The name of the function that the student's cell defines.
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
        report = Report(earned, points=self.points, name=self.name, findings=findings, remark=self._remark(findings))
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

    def _remark(self, findings: list[Finding]) -> str:
        if any(fact.changed_input for fact in self._facts):
            return "Your function changes the values it is given. Work on a copy, or the next cell meets other numbers."
        results = [fact.result for fact in self._facts if isinstance(fact, Given) and fact.result is not None]
        if len(results) > 1 and not any(right for _, right in results[1:]) and _one_telling_value(results):
            return "The answer is the same for different inputs. Does your function use what it is given?"
        used = getattr(getattr(self._namespace.get(self.name), "__code__", None), "co_names", ())
        shaky = [name for name in used if has_failed(name) and name not in self._assuming]
        if shaky and not all(finding.passed for finding in findings):
            return f"It calls your `{shaky[0]}`, whose own check does not pass yet. Look there first."
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
            unwritten = raised_in(outcome.error) or name
            says = "Not written yet: put your code in place of `raise`."
            if unwritten != name:
                says = f"It calls `{unwritten}`, which is not written yet. Write that first, or do without it."
            return _Stop(Finding(False, f"`{unwritten}` is written", says))
        return outcome


class Given(Fact):
    """One call of the answer, and what must come of it."""

    def __init__(self, args: tuple, kwargs: dict[str, Any]):
        self.args, self.kwargs = args, kwargs
        self.mistakes: list[Mistake] = []
        self.title: str | None = None
        self._complain: Callable[[Outcome], str | None] = about_running
        self.result: tuple[Any, bool] | None = None

    def returns(self, want: Any, title: str | None = None) -> Given:
        """The value that must come out."""
        self._complain = lambda outcome: about_value(outcome, want, self.mistakes, (self.args, self.kwargs))
        self.title = title
        return self

    def raises(self, error: type[Exception], mentions: str = "", title: str | None = None) -> Given:
        """The error that must be raised, and a word its message must contain."""
        self._complain = lambda outcome: about_required_error(outcome, error, mentions)
        self.title = title
        return self

    def that(self, test: Callable[[Any], bool | str], title: str) -> Given:
        """A property of what comes out: `test` says True, or a sentence about what is wrong."""
        self._complain = lambda outcome: about_property(outcome, test)
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
            worth_showing = self.title and self.args and len(called) <= SHORT
            return Finding(False, self.title or f"`{called}`", says, called if worth_showing else "")
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
            (args, about_value(outcome, want, self.mistakes, (args, {})))
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


def _borrowed_finding(name: str, library: str) -> Finding:
    return Finding(
        False,
        f"`{name}` is your own work",
        f"The answer comes from `{library}`. That earns nothing here: write the calculation yourself.",
    )


def _one_telling_value(results: list[tuple[Any, bool]]) -> bool:
    """Whether every call gave the same value, and not one that a wrong formula often gives."""
    first = results[0][0]
    return not any(same(first, empty) for empty in (None, 0, float("nan"))) and all(same(v, first) for v, _ in results)


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

"""What to say about an outcome: the sentence that sets its author right, or None if there is nothing to say."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any

from .calling import Outcome, quiet
from .compare import differences, kind, same
from .show import shown
from .slips import slip

Mistake = tuple[Any, str]

ELEMENTWISE = "Arrays calculate and compare element by element, lists do not: `np.asarray(values)` makes an array."

ADVICE: list[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str]] = [
    (ZeroDivisionError, "", "There is nobody to divide by: a rate over an empty group is undefined, `float('nan')`."),
    (NameError, "", "A name is used that does not exist: run the cells above, or look for a typing mistake."),
    (ValueError, "truth value", "Put each comparison in brackets and join them with `&`: `(a == 1) & (b == 1)`."),
    (ValueError, "unpack", "To loop over the names and values of a dict, write `for name, value in values.items()`."),
    (
        (TypeError, AttributeError),
        "NoneType",
        "Something is None. Methods that change a list or an array in place, such as `sort`, return None (`sorted` "
        "returns a list); so does a function without `return`.",
    ),
    (
        (TypeError, AttributeError),
        "'bool'",
        "There is a single True or False here. Comparing a list with a value gives a single False; comparing an array "
        "gives one for each element: `np.asarray(values) == value`.",
    ),
    (
        TypeError,
        "has no len()",
        "There is a single value here. If `values` and `groups` are lists, `values[groups == g]` picks one element "
        "only: make both arrays first, with `np.asarray`.",
    ),
    (
        TypeError,
        "list indices must be",
        "A list takes one position, or a slice. To pick with an array or with True and False, make an array of it "
        "first: `np.asarray(values)`.",
    ),
    (
        TypeError,
        "only integer scalar arrays",
        "A list cannot be picked from with an array: make an array of it first, `np.asarray(values)`.",
    ),
    (TypeError, "'list' and", ELEMENTWISE),
    (TypeError, "and 'list'", ELEMENTWISE),
    (TypeError, "dict_values", "Make a list first: `list(values.values())`."),
    (TypeError, "'str' and 'str'", "Looping over a dict gives its keys; its values are in `.values()`."),
    (KeyError, "", "That key is not there: not every value occurs in every input."),
    (RecursionError, "", "The function calls itself without end."),
]


def about_value(outcome: Outcome, want: Any, mistakes: Sequence[Mistake], inputs: tuple) -> str | None:
    """The sentence that sets a wrong outcome right, or None if it is right."""
    if outcome.error is not None:
        return _error_says(outcome.error)
    all_found = differences(outcome.value, want)
    if not all_found:
        return None
    found = all_found[0]
    known = next((says for wrong, says in mistakes if _recognises(wrong, outcome.value, inputs)), "")
    if found.form and not known:
        return f"At {found.where}: {found.form}" if found.where else found.form
    if known:
        got, right = shown(outcome.value, want), shown(want, outcome.value)
        return known if got == right else f"You got {got}, not {right}. {known}"
    place = f"At {found.where} you have" if found.where else "You got"
    met = f"{place} {shown(found.got, found.want)}, not {shown(found.want, found.got)}."
    return f"{met} {slip((each.got, each.want) for each in all_found) or ''}".rstrip()


def _recognises(wrong: Any, got: Any, inputs: tuple) -> bool:
    """Whether `got` is the known wrong value, or what a wrong *function* makes of the same inputs."""
    if not callable(wrong):
        return same(got, wrong)
    try:
        with quiet():
            return same(got, wrong(*inputs[0], **inputs[1]))
    except Exception:
        return False


def about_required_error(outcome: Outcome, error: type[Exception], mentions: str) -> str | None:
    if outcome.error is None:
        return f"You returned {shown(outcome.value)}; raise a {error.__name__} here."
    if not isinstance(outcome.error, error):
        return f"A {error.__name__} was expected. {_error_says(outcome.error)}"
    if mentions.lower() not in str(outcome.error).lower():
        return f"Your message does not mention “{mentions}”: “{outcome.error}”. Say what was wrong with the input."
    return None


def about_property(outcome: Outcome, test: Callable[[Any], bool | str]) -> str | None:
    if outcome.error is not None:
        return _error_says(outcome.error)
    try:
        with quiet():
            verdict = test(outcome.value)
    except Exception as error:
        return f"What you returned, {kind(outcome.value)}, cannot be read ({type(error).__name__}: {error})."
    if isinstance(verdict, str):
        return verdict
    return None if verdict else f"You returned {shown(outcome.value)}."


def about_running(outcome: Outcome) -> str | None:
    return _error_says(outcome.error) if outcome.error is not None else None


def _error_says(error: BaseException) -> str:
    line = next(
        (f.line for f in reversed(traceback.extract_tb(error.__traceback__)) if f.line and _in_a_cell(f.filename)),
        None,
    )
    where = f" at `{line.strip()}`" if line else ""
    advice = next((says for kind, words, says in ADVICE if isinstance(error, kind) and words in str(error)), "")
    return f"Your function stopped with {type(error).__name__}{where}: {str(error).rstrip('.')}. {advice}".rstrip()


def raised_in(error: BaseException) -> str:
    """The name of the function that raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return frames[-1].name if frames and _in_a_cell(frames[-1].filename) else ""


def _in_a_cell(filename: str) -> bool:
    return "ipykernel" in filename or filename.startswith("<")

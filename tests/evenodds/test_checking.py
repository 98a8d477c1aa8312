"""A check names the mistake, never breaks the cell, and cannot be talked into points."""

import math
import pickle
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import nbformat
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbgrader.utils import determine_grade

from evenodds.checking import Cards, Check, Quiz, Report, random_people, reveal, yours_or_ours
from evenodds.checking.compare import difference, same
from evenodds.checking.report import Finding
from evenodds.checking.show import call, shown


def checked(answer, *facts, points=3.0, name="answer"):
    """The report of a check of `answer`, in a namespace of its own as a notebook has one."""
    namespace = {"Check": Check, "facts": facts, "name": name, "points": points}
    if answer is not None:
        namespace[name] = answer
    exec("check = Check(name, points)\nfor fact in facts: fact(check)\nreport = check.report()", namespace)
    return namespace["report"]


def returns(want, *args, **kwargs):
    return lambda check: check.given(*args, **kwargs).returns(want)


def double(x):
    return 2 * x


def test_a_right_answer_earns_exactly_all_points():
    report = checked(double, returns(2, 1), returns(4, 2), returns(6, 3), points=0.7)
    assert float(report) == 0.7
    assert report.passed


def test_each_fact_is_worth_the_same_share():
    report = checked(double, returns(2, 1), returns(5, 2), returns(6, 3), points=3)
    assert float(report) == pytest.approx(2)
    assert [f.passed for f in report.findings] == [True, False, True]


def test_no_facts_leave_the_points_alone():
    assert float(checked(double)) == 0


def test_a_known_wrong_value_gets_its_sentence():
    report = checked(double, lambda c: c.given(3).returns(-6).mistake(7, "seven?").mistake(6, "Look at the sign."))
    assert report.findings[0].says == "You got +6, not -6. Look at the sign."


def test_a_wrong_function_recognises_its_own_value():
    report = checked(double, lambda c: c.given(3).returns(9).mistake(lambda x: x + x, "You doubled; square it."))
    assert "You doubled; square it." in report.findings[0].says


def test_a_wrong_function_that_fails_on_the_input_recognises_nothing():
    report = checked(double, lambda c: c.given(3).returns(9).mistake(lambda x: 1 / 0, "never"))
    assert "never" not in report.findings[0].says


@pytest.mark.parametrize(
    ("got", "want", "says"),
    [
        (0.25, -0.25, "sign is flipped"),
        (4.0, 0.25, "upside down"),
        (30.0, 0.3, "in percent"),
        (0.7, 0.3, "one minus"),
        (0.67, 2 / 3, "rounded"),
        (0.7, 2 / 3, "rounded"),
        (0, 0.75, "after the point"),
        (3, 3.5, "after the point"),
        (0.0, float("nan"), "return nan"),
        (float("nan"), 0.4, "yet this value is defined"),
    ],
)
def test_everyday_slips_are_named_without_the_authors_help(got, want, says):
    assert says in checked(lambda: got, returns(want)).findings[0].says


@pytest.mark.parametrize(
    ("got", "want"), [([1, 0, 2], [1.5, 0.75, 2.25]), ([-1, 0], [-1.5, -0.5]), ([2, 1], [1.6, 0.7])]
)
def test_whole_numbers_made_by_one_operation_have_lost_what_came_after_the_point(got, want):
    assert "after the point" in checked(lambda: np.array(got), returns(want)).findings[0].says


@pytest.mark.parametrize(("got", "want"), [(1, 0.4), ([1, 1, 1], [1.5, 0.75, 2.0]), ([1, 0], [0.3, 0.2]), (0, -1.5)])
def test_a_whole_number_that_no_rounding_gives_is_another_number(got, want):
    says = checked(lambda: np.array(got) if isinstance(got, list) else got, returns(want)).findings[0].says
    assert "after the point" not in says


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: None, "return"),
        (lambda: "0.5", "One number was expected, and this is the text '0.5'"),
        (lambda: [0.5], "a list of 1 value"),
        (lambda: double, "brackets"),
        (lambda: np.array([0.5, 0.5]), "array of shape (2,)"),
    ],
)
def test_a_wrong_kind_of_value_is_called_by_its_name(answer, says):
    assert says in checked(answer, returns(0.5)).findings[0].says


def test_the_untouched_stub_earns_nothing_and_says_one_thing():
    def stub():
        raise NotImplementedError

    report = checked(stub, returns(1), returns(2))
    assert float(report) == 0
    assert [f.says for f in report.findings] == ["Not written yet: put your code in place of `raise`."]


def test_a_missing_name_is_reported_not_raised():
    report = checked(None, returns(1))
    assert float(report) == 0
    assert "Run the cell with your answer" in report.findings[0].says


def test_a_name_that_is_no_function_is_reported():
    assert "define it with `def`" in checked(5, returns(1)).findings[0].says


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyError, ValueError, RecursionError, SystemExit, MemoryError])
def test_any_error_of_the_answer_becomes_a_sentence(error):
    def broken():
        raise error("boom")

    report = checked(broken, returns(1))
    assert float(report) == 0
    assert error.__name__ in report.findings[0].says


def test_an_interrupt_is_not_swallowed():
    def endless():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checked(endless, returns(1))


def test_the_same_complaint_is_made_once():
    report = checked(lambda x: undefined, returns(1, 1), returns(2, 2), returns(3, 3))  # noqa: F821
    assert [f.says for f in report.findings[1:]] == ["The same again."] * 2


def test_nothing_reaches_stdout_or_stderr(capfd):
    def noisy(x):
        print("out")
        print("err", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return np.float64(0) / np.float64(0)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checked(noisy, returns(float("nan"), 1))
    assert capfd.readouterr() == ("", "")


def test_the_answer_cannot_change_the_inputs_of_the_next_fact():
    def greedy(values):
        values[:] = 0
        return 6

    values = np.array([1, 2, 3])
    report = checked(greedy, returns(6, values), returns(6, values))
    assert values.tolist() == [1, 2, 3]
    assert "Work on a copy" in report.remark


def test_lists_are_handed_over_as_arrays():
    assert checked(lambda values: (values > 1).sum(), returns(2, [1, 2, 3])).passed


def test_required_errors_must_have_the_type_and_mention_the_cause():
    def picky(x):
        raise ValueError("negative weight at 3")

    def fact(mentions):
        return lambda c: c.given(1).raises(ValueError, mentions)

    assert checked(picky, fact("weight")).passed
    assert "does not mention" in checked(picky, fact("length")).findings[0].says
    assert "raise a ValueError here" in checked(double, fact("weight")).findings[0].says
    assert "A ValueError was expected" in checked(lambda x: x[0], fact("")).findings[0].says


def test_properties_say_what_is_wrong():
    def fact(check):
        check.given().that(lambda value: value > 3 or f"{value} is too small.", title="large enough")

    assert checked(lambda: 4, fact).passed
    assert checked(lambda: np.int64(4), fact).passed
    assert checked(lambda: 2, fact).findings[0].says == "2 is too small."
    assert "cannot be read" in checked(lambda: "x", fact).findings[0].says


def test_agreement_is_one_fact_and_shows_the_shortest_input_that_reveals_the_mistake():
    def fact(check):
        check.agrees_with(lambda v: v.max(), [([5, 1, 2, 9],), ([3, 4],), ([7],)], title="maxima")

    report = checked(lambda v: v[0], fact, returns(7, [7]), points=2)
    assert [f.passed for f in report.findings] == [False, True]
    assert report.findings[0].says == "You got 3, not 4."
    assert report.findings[0].input == "answer([3, 4])"
    assert "Seen in `answer([3, 4])`." in report._repr_markdown_()


def sklearn_accuracy(y_true, y_pred):
    from sklearn.metrics import accuracy_score

    return accuracy_score(y_true, y_pred)


def library_accuracy(y_true, y_pred):
    from evenodds import metrics

    return metrics.accuracy(y_true, y_pred)


def neighbours(people):
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=1).fit(people).kneighbors()[1][:, 0]


def nearest_by_metrics(people):
    from sklearn.metrics import pairwise_distances

    return (pairwise_distances(people) + np.diag([np.inf] * len(people))).argmin(axis=1)


def test_a_tool_that_uses_a_forbidden_one_inside_is_not_forbidden():
    people = [[0.0], [1.0], [5.0]]
    assert checked(neighbours, returns([1, 0, 1], people)).passed
    assert float(checked(nearest_by_metrics, returns([1, 0, 1], people))) == 0


def test_fitting_a_model_that_was_handed_over_changes_no_input():
    from sklearn.linear_model import LinearRegression

    def slope(model, x, y):
        return float(model.fit(x.reshape(-1, 1), y).coef_[0])

    report = checked(slope, returns(2.0, LinearRegression(), [0.0, 1.0], [0.0, 2.0]))
    assert report.passed
    assert report.remark == ""


@pytest.mark.parametrize("answer", [sklearn_accuracy, library_accuracy])
def test_asking_a_library_for_the_answer_earns_nothing(answer):
    report = checked(answer, returns(0.5, [1, 0], [1, 1]))
    assert float(report) == 0
    assert "write the calculation yourself" in report.findings[0].says


def test_having_a_thread_ask_the_library_earns_nothing_either():
    def asks_elsewhere(y_true, y_pred):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(sklearn_accuracy, y_true, y_pred).result()

    assert float(checked(asks_elsewhere, returns(0.5, [1, 0], [1, 1]))) == 0


def test_importing_the_answer_earns_nothing():
    from evenodds.metrics import accuracy

    assert float(checked(accuracy, returns(0.5, [1, 0], [1, 1]))) == 0


def test_a_library_that_hides_its_error_is_still_noticed():
    def sneaky(y_true, y_pred):
        from sklearn.metrics import accuracy_score

        try:
            return accuracy_score(y_true, y_pred)
        finally:
            sys.setprofile(None)

    assert float(checked(sneaky, returns(0.5, [1, 0], [1, 1]))) == 0


def test_the_tool_that_watches_is_removed_again():
    before = sys.getprofile()
    checked(double, returns(2, 1))
    assert sys.getprofile() is before


def test_later_checks_do_not_depend_on_earlier_answers():
    namespace: dict = {"Check": Check}
    exec("def earlier(x): return x + 1\ndef later(x): return 2 * earlier(x)", namespace)
    exec("def right(x): return x\ncheck = Check('later', 1); check.given(3).returns(6)", namespace)
    assert float(eval("check.report()", namespace)) == 0
    assert float(eval("check.assuming(earlier=right) or check.report()", namespace)) == 1
    assert namespace["earlier"](3) == 4


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __float__(self):
        return 0.5


class SlyFloat(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class SlyText(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("answer", "want"),
    [
        (AlwaysEqual(), 0.25),
        (SlyFloat(0.5), 0.25),
        (SlyText("a"), "b"),
        ([AlwaysEqual()], [1.0]),
        ({"k": SlyFloat(1)}, {"k": 2}),
    ],
)
def test_objects_that_claim_to_equal_everything_convince_nobody(answer, want):
    assert not same(answer, want)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.float32(0.5), 0.5),
        (1, 1.0),
        (np.array(2.0), 2),
        (0.1 + 0.2, 0.3),
        (float("nan"), float("nan")),
        ((1, 2), [1.0, 2.0]),
        (pd.Series([1, 2], index=[7, 8]), [1, 2]),
        (pd.Series({"a": 1, "b": 2}), {"b": 2, "a": 1}),
        ({"a": np.int64(1)}, {"a": 1.0}),
        ({np.str_("a"): 1}, {"a": 1}),
        (np.array([["a", "b"]]), [["a", "b"]]),
        (pd.DataFrame({"x": [1.0], "y": [2]}), pd.DataFrame({"y": [2.0], "x": [1]})),
        (pd.DataFrame({"x": [2, 1]}, index=["b", "a"]), pd.DataFrame({"x": [1, 2]}, index=["a", "b"])),
        (True, True),
        ([[1, 2], [3]], ([1, 2.0], (3,))),
        (np.bool_(True), True),
    ],
)
def test_right_values_are_right_in_any_container(got, want):
    assert same(got, want)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (0.5001, 0.5),
        (float("nan"), 0.0),
        (0.0, float("nan")),
        ([1, 2, 3], [1, 2]),
        ([2, 1], [1, 2]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"1": 1}, {1: 1}),
        ("1", 1),
        ([[1, 2], [3]], [[1, 2], [4]]),
        (1, True),
        (True, 1),
        (None, 0),
        (pd.DataFrame({"x": [1]}), pd.DataFrame({"y": [1]})),
        (np.zeros((2, 2)), np.zeros(4)),
    ],
)
def test_wrong_values_are_wrong(got, want):
    assert not same(got, want)


@pytest.mark.parametrize(
    ("got", "want", "form", "where"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, "Your dict has no entry for 'b'; its keys are 'a'.", ""),
        ([1], [1, 2], "The shape (2,) was expected, and yours is (1,).", ""),
        (2.0, 1.0, "", ""),
        ({"a": 1, "b": 3}, {"a": 1, "b": 2}, "", "'b'"),
        ({"a": 9, "b": None}, {"a": 1, "b": 2}, "You returned None", "'b'"),
        ([1, 5], [1, 2], "", "place 2"),
        (pd.DataFrame({"x": [1, 2]}), pd.DataFrame({"x": [1, 3]}), "", "row 1, column 'x'"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "", "'a', 'b'"),
        ({"a": np.array([True])}, {"a": 1}, "Should it be summed", "'a'"),
    ],
)
def test_the_first_difference_is_found_and_located(got, want, form, where):
    found = difference(got, want)
    assert form in found.form
    assert bool(form) == bool(found.form)
    assert found.where == where


def test_a_value_in_a_container_is_reported_with_its_place_and_slip():
    report = checked(lambda: {"a": 0.5, "b": 0.67}, returns({"a": 0.5, "b": 2 / 3}))
    assert report.findings[0].says.startswith("At 'b' you have 0.670, not 0.667. That is close, but rounded.")


def test_a_slip_is_named_only_if_it_explains_every_wrong_value():
    flipped = checked(lambda: [-0.5, 0.0, -0.25], returns([0.5, 0.0, 0.25])).findings[0].says
    assert "The sign is flipped." in flipped
    mixed = checked(lambda: [-0.5, 0.3], returns([0.5, 0.25])).findings[0].says
    assert mixed == "At place 1 you have -0.500, not +0.500."


def test_an_error_in_a_function_that_the_answer_calls_is_blamed_on_that_function():
    namespace: dict = {"Check": Check}
    exec("def helper(x): raise NotImplementedError\ndef answer(x): return helper(x)", namespace)
    exec("check = Check('answer', 1); check.given(3).returns(6); report = check.report()", namespace)
    assert namespace["report"].findings[0].says.startswith("It calls `helper`, which is not written yet.")


def test_a_called_answer_whose_check_failed_is_named():
    namespace: dict = {"Check": Check}
    exec("def helper(x): return x + 1\ndef answer(x): return helper(x)", namespace)
    for name in ("helper", "answer"):
        exec(f"check = Check({name!r}, 1); check.given(3).returns(3); report = check.report()", namespace)
    assert "`helper`, whose own check does not pass yet" in namespace["report"].remark


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("(a == 1 & b == 1).sum()", "in brackets"),
        ("max({'x': 1}.values() - 1)", "Make a list first"),
        ("[v for k, v in {'name': 1}]", "`for name, value in values.items()`"),
        ("a.sort()[0]", "change a list or an array in place"),
        ("len(a.tolist().sort())", "return None"),
        ("a.sort().mean()", "a function without `return`"),
        ("(a.tolist() == 1).sum()", "Comparing a list with a value gives a single False"),
        ("len(a.tolist() == 1)", "`np.asarray(values) == value`"),
        ("len(a.tolist()[b.tolist() == 1])", "picks one element only"),
        ("sum(a.tolist()[[0, 1]])", "A list takes one position"),
        ("sum(a.tolist()[b == 1])", "A list cannot be picked from with an array"),
        ("1 - a.tolist()", "element by element"),
        ("a.tolist() > 0.5", "element by element"),
    ],
)
def test_errors_that_beginners_meet_come_with_advice(code, says):
    namespace: dict = {"Check": Check}
    exec(f"def answer(a, b): return {code}", namespace)
    exec("check = Check('answer', 1); check.given([1, 0, 1], [1, 1, 0]).returns(1); report = check.report()", namespace)
    assert says in namespace["report"].findings[0].says


@pytest.mark.parametrize("code", ["len(a).mean()", "{[1]: 1}", "(1)(2)", "int('x')"])
def test_advice_about_lists_is_not_given_for_other_errors(code):
    namespace: dict = {"Check": Check}
    with warnings.catch_warnings(action="ignore"):
        exec(f"def answer(a): return {code}", namespace)
    exec("check = Check('answer', 1); check.given([1, 0, 1]).returns(1); report = check.report()", namespace)
    assert not any(word in namespace["report"].findings[0].says for word in ("None", "asarray"))


def test_numbers_that_differ_late_are_shown_as_different():
    assert shown(0.5001, 0.5002) != shown(0.5002, 0.5001)
    assert shown(-0.25) == "-0.250"
    assert shown(0.25, -0.25) == "+0.250"
    assert shown({("F", "old"): 1}) == "{('F', 'old'): 1}"


def test_a_call_is_shown_as_it_would_be_typed_and_long_inputs_are_counted():
    assert call("f", (np.array([1, 0]),), {"privileged": "a"}) == "f([1, 0], privileged='a')"
    assert call("f", (np.zeros(1000),), {}) == "f(1000 values)"
    assert call("f", ({"d": double},), {}) == "f({'d': double})"


# The report, as nbgrader and a person see it


def graded(report: Report, points: float) -> float:
    """What stock nbgrader makes of a cell that ends in `report`."""
    data, _ = InteractiveShell.instance().display_formatter.format(report)
    output = nbformat.v4.new_output("execute_result", data=data)
    metadata = {"nbgrader": {"grade": True, "solution": False, "points": points, "grade_id": "check-x"}}
    cell = nbformat.v4.new_code_cell("check.report()", outputs=[output], metadata=metadata)
    return determine_grade(cell)[0]


@pytest.mark.parametrize(("earned", "points"), [(0, 3), (3, 3), (1, 3), (2.5, 4), (1 / 3, 1), (0.7, 0.7)])
def test_nbgrader_reads_the_points(earned, points):
    assert graded(Report(earned, points=points, name="x"), points) == pytest.approx(earned, abs=1e-5)


@pytest.mark.parametrize("share", [1 / 3, 2 / 3, 5 / 7, 0.1 + 0.2])
def test_no_rounding_lifts_a_report_above_its_points(share):
    report = Report(10 * share, points=share, name="x")
    assert graded(report, share) <= share


def test_a_report_keeps_its_findings_when_pickled():
    report = checked(double, returns(5, 2))
    again = pickle.loads(pickle.dumps(report))
    assert (float(again), again.findings, again.name) == (float(report), report.findings, report.name)


def test_html_escapes_what_the_student_wrote():
    report = checked(lambda: "<script>alert(1)</script>", returns("x"))
    assert "<script>" not in report._repr_html_()
    assert "&lt;script&gt;" in report._repr_html_()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A share *of the approvals* is no *rate*.", "A share <em>of the approvals</em> is no <em>rate</em>."),
        ("Is it **one** or *two*?", "Is it <strong>one</strong> or <em>two</em>?"),
        ("Call `f(a * b, *c, **d)`, not `<g>`.", "Call <code>f(a * b, *c, **d)</code>, not <code>&lt;g&gt;</code>."),
        ("2 * 3 * 4 and 2 ** 3 ** 4", "2 * 3 * 4 and 2 ** 3 ** 4"),
        ("*<b>*", "<em>&lt;b&gt;</em>"),
        ("`` and ** and one *", "`` and ** and one *"),
    ],
)
def test_html_shows_code_and_emphasis_and_leaves_other_stars(written, shown):
    assert shown in Report(0, points=1, name="q", findings=[Finding(False, "t", written)])._repr_html_()


def test_verdicts_do_not_rest_on_colour():
    html = checked(double, returns(2, 1), returns(5, 2))._repr_html_()
    assert "✓" in html
    assert "✗" in html


# Quiz and cards. Sealed here by an independent reading of the format.


def seal(name, options):
    import base64
    import hashlib

    length = max(len(f"+{reason}".encode()) for _, reason in options.values())
    records = []
    for letter, (right, reason) in options.items():
        plain = f"{'+' if right else '-'}{reason}".encode().ljust(length)
        key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(length)
        records.append(base64.b64encode(bytes(p ^ k for p, k in zip(plain, key, strict=True))).decode())
    return ".".join(records)


SEALED = seal("q", {"a": (False, "No, since é."), "b": (True, "Yes."), "c": (False, "Hm.")})


@pytest.mark.parametrize(
    ("picked", "points", "says"),
    [
        ("b", 1, "Yes."),
        (" B) ", 1, "Yes."),
        ("a", 0, "No, since é."),
        ("", 0, "Not answered yet: write one letter of a, b, c."),
        (None, 0, "Not answered yet"),
        ("d", 0, "in quotes"),
        ("ab", 0, "in quotes"),
        (2, 0, "in quotes"),
        (["b"], 0, "in quotes"),
    ],
)
def test_a_quiz_marks_the_letter_and_gives_its_reason(picked, points, says):
    report = Quiz("q", picked, points=1, sealed=SEALED).report()
    assert float(report) == points
    assert says in report.findings[0].says


def cards(answer):
    sealed = {
        thing: seal(
            f"c:{thing}", {"a": (right == "x", f"{thing}: because."), "b": (right == "y", f"{thing}: because.")}
        )
        for thing, right in {"one": "x", "two": "y"}.items()
    }
    return Cards("c", answer, points=3, choices=["x", "y"], sealed=sealed).report()


def test_cards_share_the_points_among_the_things():
    assert float(cards({"one": "x", "two": "y"})) == 3
    assert float(cards({"one": "x", "two": "x"})) == 1.5
    assert float(cards({"one": " X", "two": ""})) == 1.5


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"one": "x", "two": ""}, "Not answered yet"),
        ({"one": "z"}, "not among the choices"),
        ([1], "braces"),
        ({}, "Not answered"),
    ],
)
def test_cards_say_what_is_missing(answer, says):
    report = cards(answer)
    assert not report.passed
    assert any(says in f.says for f in report.findings)


# Helpers between exercises


def test_the_students_function_is_used_once_its_check_passed(capsys):
    namespace = {"Check": Check, "yours_or_ours": yours_or_ours, "ours": lambda x: "ours"}
    exec("def f(x): return 'yours'", namespace)
    assert eval("yours_or_ours('f', ours)", namespace)(1) == "ours"
    exec("check = Check('f', 1); check.given(1).returns('yours'); check.report()", namespace)
    assert eval("yours_or_ours('f', ours)", namespace)(1) == "yours"
    assert "Using your f." in capsys.readouterr().out


def test_the_students_function_works_on_copies_of_the_lessons_tables():
    namespace = {"Check": Check, "yours_or_ours": yours_or_ours}
    exec("def smallest(values):\n    values.sort()\n    return values[0]", namespace)
    exec("check = Check('smallest', 1); check.given([2, 1]).returns(1); check.report()", namespace)
    values = np.array([3, 1, 2])
    assert eval("yours_or_ours('smallest', None)", namespace)(values) == 1
    assert values.tolist() == [3, 1, 2]


def test_a_guess_is_compared_and_no_guess_is_no_crime(capsys):
    for guess in (0.7, "0.7", "0,7", "70 %"):
        reveal(guess, 0.4, "The rate")
    assert set(capsys.readouterr().out.splitlines()) == {"The rate is 0.400. You guessed 0.700: 0.300 away."}
    reveal(None, 0.4, "The rate")
    assert "no guess" in capsys.readouterr().out
    for guess in ("many", 70, -0.1, True, [0.5]):
        reveal(guess, 0.4, "The rate")
        assert "between 0 and 1" in capsys.readouterr().out
    what = "Of all people who would have paid their loan back in full, the share whose loan was approved"
    reveal(0.5, 0.4, what)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    assert " ".join(lines) == f"{what} is 0.400. You guessed 0.500: 0.100 away."


def test_an_answer_that_ignores_its_input_is_told_so():
    assert "same for different inputs" in checked(lambda x: 2, returns(2, 1), returns(4, 2)).remark
    assert checked(lambda x: 2, returns(2, 1), returns(2, 5)).remark == ""
    for empty in (None, 0, float("nan")):
        assert checked(lambda x, empty=empty: empty, returns(2, 1), returns(4, 2)).remark == ""
    assert checked(double, returns(2, 1), returns(5, 2)).remark == ""


def test_random_people_have_every_rate_defined():
    for y_true, y_pred, group in random_people(30, groups=("a", "b", "c"), seed=4):
        for g in "abc":
            assert 0 < y_true[group == g].mean() < 1
            assert 0 < y_pred[group == g].mean() < 1


def test_random_people_differ_between_seeds_and_repeat_within_one():
    first, again, other = (random_people(3, seed=s) for s in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first[0], again[0], strict=True))
    assert not all(len(a) == len(b) and np.array_equal(a, b) for a, b in zip(first[0], other[0], strict=True))
    assert not math.isnan(first[0][0].mean())

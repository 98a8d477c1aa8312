"""The audit refuses to skip a step, measures what others measure, and leaves a record that others can check."""

import copy
import dataclasses
import hashlib
import json
import re
import typing
from html.parser import HTMLParser

import jsonschema
import numpy as np
import pandas as pd
import pytest
from fairlearn import metrics as fairlearn
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from evenodds.audit import (
    Action,
    Audit,
    Harm,
    Metric,
    Record,
    audit,
    fingerprint,
    gap_parts,
    impact_assessment,
    impact_ratios,
    json_schema,
    metric_for_harm,
    model_card,
)
from evenodds.audit.playbook import STEPS
from evenodds.calibration import expected_calibration_error
from evenodds.datasets import fetch_adult, make_audit_lab
from evenodds.metrics import UndefinedMetricWarning
from evenodds.uncertainty import wilson_interval


def world(n=600, seed=0):
    """Labels, decisions, scores, two attributes and whether a set covered the truth."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame({"sex": rng.choice(["F", "M"], n), "age": rng.choice(["old", "young"], n)})
    score = rng.random(n)
    y_true = (rng.random(n) < score).astype(int)
    y_pred = (score > np.where(people["sex"] == "F", 0.6, 0.4)).astype(int)
    return y_true, y_pred, score, people, (rng.random(n) < 0.9).astype(int)


IDENTIFY = {
    "attributes": ["sex", "age"],
    "why": "Protected.",
    "labels_from": "Asked of applicants.",
    "lawful_basis": "Consent, for audit only.",
}
CHOOSE = {
    "harm": Harm.DESERVING_DENIED,
    "statement": "Women who would repay are turned away; see their true positives.",
}
DECIDE = {"action": "mitigate", "why": "The gap is large.", "decided_by": "The board."}
DOCUMENT = {
    "timing": "post-processing",
    "cost": "Accuracy falls by a point.",
    "group_labels": "Complete, as people gave them.",
    "proxies": "None was found.",
    "group_at_decision_time": "Needed; lawful here.",
    "limitations": ["One year of data."],
}
CARD = dict.fromkeys(
    ["model", "owner", "intended_use", "out_of_scope", "training_data", "evaluation_data", "ethical_considerations"],
    "An answer.",
)
ASSESSMENT = dict.fromkeys(
    [
        "purpose",
        "decision",
        "affected_people",
        "alternatives",
        "legal_regime",
        "data_governance",
        "human_review",
        "contestability",
        "monitoring",
        "accountable",
    ],
    "An answer.",
)


def audited(steps=6, **measure):
    y_true, y_pred, score, people, _ = world()
    it = Audit("Loans", date="2026-01-31", auditor="Someone")
    todo = [
        lambda: it.identify(**IDENTIFY),
        lambda: it.choose_metric(**CHOOSE),
        lambda: it.measure(
            y_true, y_pred, **({"sensitive_features": people, "data": "Held out.", "n_boot": 50} | measure)
        ),
        lambda: it.decide(**DECIDE),
        lambda: it.reevaluate(
            y_true,
            (score > 0.5).astype(int),
            sensitive_features=people,
            what_changed="One threshold for all.",
            next_review="In a year.",
        ),
        lambda: it.document(**DOCUMENT),
    ]
    for do in todo[:steps]:
        do()
    return it


@pytest.fixture(scope="module")
def record():
    return audited().record


class TestChooser:
    @pytest.mark.parametrize(
        ("case", "harm", "metric"),
        [
            ("a job advertisement is shown to few women", "unequal access", "demographic parity"),
            ("patients who need follow-up are not called", "deserving people denied", "equal opportunity"),
            ("honest people's benefits stop for fraud", "people wrongly burdened", "false positive rate parity"),
            ("detention before trial: both errors hurt", "both errors", "equalized odds"),
            ("a risk score sets the premium", "score misread", "calibration within groups"),
            ("'high risk' on a file, read by a judge", "positive decision misread", "predictive parity"),
            ("speech recognition works less well for some", "poorer service", "accuracy parity"),
            ("sets that promise 90 % hold less for some", "weaker guarantee", "coverage parity"),
        ],
    )
    def test_each_harm_has_its_metric_with_reasons_and_every_other_rejected(self, case, harm, metric):
        choice = metric_for_harm(harm)
        assert choice.metric == metric
        assert choice == metric_for_harm(Harm(harm))
        assert len(choice.why) > 20
        assert {r.metric for r in choice.rejected} | {str(choice.metric)} == {str(m) for m in Metric}
        assert all(len(r.why) > 20 for r in choice.rejected)

    @pytest.mark.parametrize("harm", [None, "fairness", ""])
    def test_no_metric_without_a_harm(self, harm):
        with pytest.raises(ValueError, match="name the harm before the metric, one of 'unequal access'"):
            metric_for_harm(harm)


class TestOrder:
    @pytest.mark.parametrize("done", range(6))
    def test_no_step_can_be_skipped_and_the_missing_one_is_told_with_how_to_do_it(self, done):
        it, missing = audited(steps=done), list(STEPS)[done]
        y_true, y_pred, _, people, _ = world()
        later = {
            "choose_metric": lambda: it.choose_metric(**CHOOSE),
            "measure": lambda: it.measure(y_true, y_pred, sensitive_features=people, data="Held out."),
            "decide": lambda: it.decide(**DECIDE),
            "reevaluate": lambda: it.reevaluate(what_changed="Nothing.", next_review="Never."),
            "document": lambda: it.document(**DOCUMENT),
            "the record": lambda: it.record,
        }
        for name in [*STEPS, "the record"][done + 1 :]:
            says = f"step {done + 1}, {missing}, which is missing. Do it first: .{missing}("
            with pytest.raises(ValueError, match=re.escape(says)):
                later[name]()
        assert it.done == list(STEPS)[:done]

    def test_the_hint_names_the_arguments_of_the_step(self):
        import inspect

        for step, hint in STEPS.items():
            parameters = inspect.signature(getattr(Audit, step)).parameters
            assert set(re.findall(r"(\w+)=", hint)) <= set(parameters)

    def test_all_six_make_a_record(self, record):
        assert isinstance(record, Record)
        assert record.revisions == []

    def test_the_same_step_again_changes_nothing_another_drops_what_was_built_on_it_and_is_noted(self):
        it = audited()
        it.choose_metric(**CHOOSE)
        assert it.done == list(STEPS)
        it.choose_metric(harm="unequal access", statement="Another harm.")
        assert it.done == ["identify", "choose_metric"]
        it = audited(steps=3)
        it.choose_metric(harm="unequal access", statement="Another harm.")
        y_true, y_pred, _, people, _ = world()
        it.measure(y_true, y_pred, sensitive_features=people, data="Held out.", n_boot=20)
        it.decide(action=Action.ACCEPT, why="Small.", decided_by="The board.")
        it.reevaluate(what_changed="Nothing.", next_review="In a year.")
        it.document(**DOCUMENT | {"timing": "none"})
        assert it.record.revisions == ["Step 2, choose_metric, was done again after measure had been done."]
        assert "Steps done again" in it.record.to_markdown()

    def test_a_mitigation_must_be_measured_again_and_anything_else_need_not(self):
        with pytest.raises(ValueError, match="a mitigation that is not measured again may have done nothing"):
            audited(steps=4).reevaluate(what_changed="A threshold.", next_review="In a year.")
        for action in ("accept and document", "redesign", "do not deploy"):
            it = audited(steps=3)
            it.decide(action=action, why="As said.", decided_by="The board.")
            again = it.reevaluate(what_changed="Nothing.", next_review="In a year.")
            assert again.measurement is None

    def test_another_metric_than_the_harm_suggests_needs_a_reason_which_is_kept(self):
        it = audited(steps=1)
        with pytest.raises(ValueError, match="why is ''"):
            it.choose_metric(**CHOOSE, metric=Metric.EQUALIZED_ODDS)
        choice = it.choose_metric(**CHOOSE, metric="equalized odds", why="False alarms hurt as well.")
        assert choice.metric is Metric.EQUALIZED_ODDS
        assert ("equal opportunity", "False alarms hurt as well.") in [(r.metric, r.why) for r in choice.rejected]
        assert "equalized odds" not in [r.metric for r in choice.rejected]

    @pytest.mark.parametrize(
        ("steps", "do", "says"),
        [
            (0, lambda it: Audit(" ", date="d", auditor="a"), "name is ' '"),
            (0, lambda it: it.identify(**IDENTIFY | {"attributes": []}), "name at least one sensitive attribute"),
            (0, lambda it: it.identify(**IDENTIFY | {"lawful_basis": ""}), "lawful_basis is ''"),
            (1, lambda it: it.choose_metric(statement="Something."), "harm is None; name the harm"),
            (1, lambda it: it.choose_metric(harm="both errors", statement=""), "statement is ''"),
            (3, lambda it: it.decide(**DECIDE | {"action": "fix"}), "action is 'fix'; it must be one of 'mitigate'"),
            (3, lambda it: it.decide(**DECIDE | {"why": None}), "why is None; it needs a sentence"),
            (5, lambda it: it.document(**DOCUMENT | {"limitations": []}), "limitations is empty"),
            (5, lambda it: it.document(**DOCUMENT | {"timing": "later"}), "timing is 'later'"),
        ],
    )
    def test_an_empty_answer_is_refused(self, steps, do, says):
        with pytest.raises(ValueError, match=says):
            do(audited(steps=steps))


class TestMeasurement:
    @settings(deadline=None, max_examples=8)
    @given(seed=st.integers(0, 10_000))
    def test_the_numbers_are_fairlearns_in_every_view(self, seed):
        y_true, y_pred, _, people, _ = world(seed=seed)
        it = audited(steps=2)
        measured = it.measure(y_true, y_pred, sensitive_features=people, data="Held out.", n_boot=5)
        assert [view.attributes for view in measured.views] == [["sex"], ["age"], ["sex", "age"]]
        theirs = {
            "selection_rate": fairlearn.selection_rate,
            "true_positive_rate": fairlearn.true_positive_rate,
            "false_positive_rate": fairlearn.false_positive_rate,
        }
        for view in measured.views:
            frame = fairlearn.MetricFrame(
                metrics=theirs, y_true=y_true, y_pred=y_pred, sensitive_features=people[view.attributes]
            )
            labels = [", ".join(np.atleast_1d(label)) for label in frame.by_group.index]
            assert [row.group for row in view.groups] == labels
            assert sum(row.count for row in view.groups) == measured.people == 600
            for row, (_, expected) in zip(view.groups, frame.by_group.iterrows(), strict=True):
                assert {name: row.estimates[name].value for name in theirs} == pytest.approx(expected.to_dict())
            (comparison,) = view.comparisons
            rates = frame.by_group["true_positive_rate"]
            assert comparison.difference.value == pytest.approx(frame.difference()["true_positive_rate"])
            assert comparison.ratio == pytest.approx(frame.ratio()["true_positive_rate"])
            assert comparison.lowest == ", ".join(np.atleast_1d(rates.idxmin()))
            assert comparison.highest == ", ".join(np.atleast_1d(rates.idxmax()))

    def test_a_rate_rests_on_the_people_in_its_denominator_and_has_their_wilson_interval(self, record):
        y_true, y_pred, _, people, _ = world()
        for row in record.measure.views[0].groups:
            here = people["sex"] == row.group
            positives, hits = (here & (y_true == 1)).sum(), (here & (y_true == 1) & (y_pred == 1)).sum()
            estimate = row.estimates["true_positive_rate"]
            assert estimate.people == positives
            assert (estimate.low, estimate.high) == pytest.approx(wilson_interval(int(hits), int(positives)))
            selected = row.estimates["positive_predictive_value"]
            assert selected.people == (here & (y_pred == 1)).sum()

    @pytest.mark.filterwarnings("ignore::evenodds.metrics.UndefinedMetricWarning")
    def test_crossed_cells_show_what_equal_margins_hide(self):
        people = pd.DataFrame({"a": list("xxyy") * 20, "b": list("stst") * 20})
        y_pred = np.array([0, 1, 1, 0] * 20)
        it = Audit("Cells", date="2026-01-31", auditor="Someone")
        it.identify(**IDENTIFY | {"attributes": ["a", "b"]})
        it.choose_metric(harm="unequal access", statement="Some are never selected.")
        labels = np.tile([0, 0, 0, 0, 1, 1, 1, 1], 10)
        measured = it.measure(labels, y_pred, sensitive_features=people, data="Held out.", n_boot=20)
        assert [v.comparisons[0].difference.value for v in measured.views] == [0, 0, 1]

    @pytest.mark.parametrize(("harm", "n"), [("both errors", 2), ("unequal access", 1), ("poorer service", 1)])
    def test_what_is_compared_is_what_the_metric_asks(self, harm, n):
        y_true, y_pred, _, people, _ = world()
        it = audited(steps=1)
        it.choose_metric(harm=harm, statement="A harm.")
        measured = it.measure(y_true, y_pred, sensitive_features=people, data="Held out.", n_boot=5)
        compared = [c.quantity for c in measured.views[0].comparisons]
        assert compared == list(metric_for_harm(harm).metric.compares)
        assert len(compared) == n

    def test_calibration_needs_scores_and_coverage_needs_sets(self):
        y_true, y_pred, score, people, covered = world()
        it = audited(steps=1)
        it.choose_metric(harm="score misread", statement="0.8 means less for some.")
        with pytest.raises(ValueError, match="y_score is missing; calibration within groups needs"):
            it.measure(y_true, y_pred, sensitive_features=people, data="Held out.")
        measured = it.measure(y_true, y_pred, sensitive_features=people, data="Held out.", y_score=score, n_boot=10)
        expected = expected_calibration_error(y_true, score, sensitive_features=people["sex"])
        ours = {row.group: row.estimates["expected_calibration_error"].value for row in measured.views[0].groups}
        assert ours == pytest.approx(expected.to_dict())
        it.choose_metric(harm="weaker guarantee", statement="Sets hold the truth less often for some.")
        with pytest.raises(ValueError, match="covered is missing"):
            it.measure(y_true, y_pred, sensitive_features=people, data="Held out.")
        measured = it.measure(y_true, y_pred, sensitive_features=people, data="Held out.", covered=covered, n_boot=10)
        shares = pd.Series(covered).groupby(people["sex"]).mean()
        assert measured.views[0].comparisons[0].difference.value == pytest.approx(shares.max() - shares.min())

    def test_weights_are_repetitions(self):
        y_true, y_pred, _, people, _ = world()
        times = np.random.default_rng(1).integers(1, 4, 600)
        it = audited(steps=2)
        weighted = it.measure(
            y_true, y_pred, sensitive_features=people, data="Held out.", sample_weight=times, n_boot=20
        )
        repeated = it.measure(
            np.repeat(y_true, times),
            np.repeat(y_pred, times),
            sensitive_features=people.loc[people.index.repeat(times)].reset_index(drop=True),
            data="Held out.",
            n_boot=20,
        )
        for ours, other in zip(weighted.views, repeated.views, strict=True):
            for a, b in zip(ours.groups, other.groups, strict=True):
                assert a.estimates["accuracy"].value == pytest.approx(b.estimates["accuracy"].value)
                assert a.count < b.count
                assert a.estimates["accuracy"].low <= a.estimates["accuracy"].value <= a.estimates["accuracy"].high

    def test_when_few_people_carry_the_weight_intervals_are_wide(self):
        y_true, y_pred, _, people, _ = world()
        heavy = np.where(np.arange(600) < 40, 1000, 1)
        widths = []
        for weights in (None, heavy):
            measured = audited(steps=2).measure(
                y_true, y_pred, sensitive_features=people, data="x", sample_weight=weights, n_boot=200
            )
            accuracy = measured.views[0].groups[0].estimates["accuracy"]
            widths.append(accuracy.high - accuracy.low)
        assert widths[1] > 2 * widths[0]

    @pytest.mark.filterwarnings("ignore::evenodds.metrics.UndefinedMetricWarning")
    def test_an_undefined_rate_stays_undefined_from_the_warning_to_the_report(self):
        y_true, y_pred, _, people, _ = world()
        y_true[people["sex"] == "F"] = 0
        it = audited(steps=2)
        with pytest.warns(UndefinedMetricWarning, match="true_positive_rate is undefined for group 'F'"):
            measured = it.measure(y_true, y_pred, sensitive_features=people, data="Held out.", n_boot=20)
        women = measured.views[0].groups[0].estimates["true_positive_rate"]
        assert (women.value, women.low, women.high, women.people) == (None, None, None, 0)
        comparison = measured.views[0].comparisons[0]
        assert (comparison.difference.value, comparison.lowest) == (None, "undefined")
        assert "undefined (n 0)" in measured._repr_markdown_()

    def test_the_same_seed_gives_the_same_record_and_another_another_interval(self):
        assert audited().record == audited().record
        first, second = audited(steps=3), audited(steps=3, seed=1)
        gaps = [it.steps["measure"].views[0].comparisons[0].difference for it in (first, second)]
        assert gaps[0].value == gaps[1].value
        assert gaps[0].low != gaps[1].low

    def test_before_and_after_are_set_side_by_side(self, record):
        before, after = record.measure, record.reevaluate.measurement
        gap, *_ = record.reevaluate.changes
        assert gap.quantity == "difference in true_positive_rate"
        assert gap.before == before.views[0].comparisons[0].difference.value
        assert gap.after == after.views[0].comparisons[0].difference.value
        assert gap.after < gap.before
        (cost,) = [c for c in record.reevaluate.changes if c.quantity == "accuracy"]
        assert (cost.before, cost.after) == (before.overall["accuracy"].value, after.overall["accuracy"].value)

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"sensitive_features": None}, "without sex, age of the same people the gap is unknown, not zero"),
            ({"sensitive_features": {"sex": ["F", "M"] * 300}}, "step 1 identified sex, age; 'age' is missing"),
            ({"data": " "}, "data is ' '; it needs a sentence"),
            ({"seed": None}, "seed is None; it must be a whole number"),
            ({"confidence": 95}, "confidence is 95"),
            ({"y_score": [2.0] * 600}, "y_score holds 2.0"),
            ({"covered": [2] * 600}, "covered holds 2"),
        ],
    )
    def test_what_cannot_be_measured_is_refused_in_words(self, given, says):
        with pytest.raises(ValueError, match=says):
            audited(steps=3, **given)

    def test_a_single_attribute_may_come_without_its_name(self):
        y_true, y_pred, _, people, _ = world()
        it = Audit("Loans", date="2026-01-31", auditor="Someone")
        it.identify(**IDENTIFY | {"attributes": "sex"})
        it.choose_metric(**CHOOSE)
        measured = it.measure(y_true, y_pred, sensitive_features=people["sex"].tolist(), data="x", n_boot=5)
        assert [view.attributes for view in measured.views] == [["sex"]]

    def test_a_hundred_groups_and_one_person(self):
        it = Audit("Loans", date="2026-01-31", auditor="Someone")
        it.identify(**IDENTIFY | {"attributes": ["town"]})
        it.choose_metric(harm="unequal access", statement="Some towns get less.")
        rng = np.random.default_rng(0)
        towns = np.arange(2000) % 100
        measured = it.measure(
            rng.integers(0, 2, 2000), rng.integers(0, 2, 2000), sensitive_features=towns, data="x", n_boot=20
        )
        assert len(measured.views[0].groups) == 100
        with pytest.warns(UndefinedMetricWarning):
            alone = it.measure([1], [1], sensitive_features=["x"], data="x", n_boot=5)
        assert alone.views[0].comparisons[0].difference.value == 0


class TestFingerprint:
    def test_it_can_be_computed_from_its_description(self):
        expected = hashlib.sha256(
            b"y_pred\0" + np.array([1, 0], "<f8").tobytes() + b"y_true\0" + np.array([0, 1], "<f8").tobytes()
            + b'sex\0["F", "M"]\0' + np.array([1, 0], "<i8").tobytes()
        )  # fmt: skip
        assert fingerprint({"sex": ["M", "F"]}, y_true=[0, 1], y_pred=[1, 0]) == expected.hexdigest()

    def test_the_container_does_not_matter(self):
        same = [
            fingerprint({"g": ["a", "b"]}, y=[0, 1]),
            fingerprint(pd.DataFrame({"g": pd.Categorical(["a", "b"])}), y=np.array([0.0, 1.0])),
            fingerprint(pd.Series(["a", "b"], name="g", index=[7, 8]), y=pd.Series([False, True])),
        ]
        assert len(set(same)) == 1

    def test_every_value_name_and_place_matters(self):
        one = fingerprint({"g": ["a", "b"], "h": [1, 2]}, y=[0, 1], p=[1, 1])
        others = [
            fingerprint({"g": ["a", "c"], "h": [1, 2]}, y=[0, 1], p=[1, 1]),
            fingerprint({"g": ["b", "a"], "h": [1, 2]}, y=[0, 1], p=[1, 1]),
            fingerprint({"k": ["a", "b"], "h": [1, 2]}, y=[0, 1], p=[1, 1]),
            fingerprint({"g": ["a", "b"], "h": [1, 2]}, y=[1, 0], p=[1, 1]),
            fingerprint({"g": ["a", "b"], "h": [1, 2]}, y=[1, 1], p=[0, 1]),
            fingerprint({"g": ["a", "b"]}, y=[0, 1], p=[1, 1]),
        ]
        assert len({one, *others}) == 7

    def test_the_record_holds_it(self, record):
        y_true, y_pred, _, people, _ = world()
        assert record.measure.data_sha256 == fingerprint(people, y_true=y_true, y_pred=y_pred)
        assert record.measure.seed == 0
        assert {"python", "numpy", "pandas", "even-odds"} == set(record.measure.versions)


class TestRecord:
    def test_json_comes_back_as_the_same_record_and_the_same_text(self, record):
        text = record.to_json()
        assert Record.from_json(text) == record
        assert Record.from_json(text).to_json() == text
        assert isinstance(Record.from_json(text).decide.action, Action)

    def test_the_schema_is_one_and_accepts_the_record(self, record):
        jsonschema.Draft202012Validator.check_schema(json_schema())
        jsonschema.validate(json.loads(record.to_json()), json_schema())
        assert json.loads(json.dumps(json_schema())) == json_schema()

    @staticmethod
    def places(data, path=()):
        yield path
        items = data.items() if isinstance(data, dict) else enumerate(data[:1]) if isinstance(data, list) else ()
        for key, value in items:
            yield from TestRecord.places(value, (*path, key))

    def test_every_spoiled_entry_is_refused_by_us_exactly_if_the_schema_refuses_it(self, record):
        data = json.loads(record.to_json())
        for measurement in (data["measure"], data["reevaluate"]["measurement"]):
            measurement["overall"] = {"accuracy": measurement["overall"]["accuracy"]}
            measurement["views"][0]["groups"][0]["estimates"] = measurement["overall"]
        validator = jsonschema.Draft202012Validator(json_schema())
        refused = 0
        for path in list(self.places(data))[1:]:
            for spoil in ("remove", "add", None, "text", 1.5, True, [], {}):
                spoiled = copy.deepcopy(data)
                parent = spoiled
                for key in path[:-1]:
                    parent = parent[key]
                if spoil == "remove":
                    del parent[path[-1]]
                elif spoil == "add":
                    if not isinstance(parent[path[-1]], dict):
                        continue
                    parent[path[-1]]["surplus"] = "text"
                else:
                    parent[path[-1]] = spoil
                if validator.is_valid(spoiled):
                    Record.from_dict(spoiled)
                else:
                    refused += 1
                    with pytest.raises(ValueError, match="record"):
                        Record.from_dict(spoiled)
        assert refused > 300

    def test_the_message_says_which_entry(self, record):
        data = json.loads(record.to_json())
        data["measure"]["views"][1]["groups"][0]["count"] = "many"
        with pytest.raises(ValueError, match=re.escape("record.measure.views[1].groups[0].count is 'many'")):
            Record.from_dict(data)
        del data["decide"]
        with pytest.raises(ValueError, match="record has no 'decide'"):
            Record.from_dict(data)

    def test_every_field_is_described_once_by_its_type(self):
        for kind in (Record, *typing.get_type_hints(Record).values()):
            if dataclasses.is_dataclass(kind):
                assert {f.name for f in dataclasses.fields(kind)} == set(typing.get_type_hints(kind))


class Reader(HTMLParser):
    """What a reader of the page gets: headings, tables, alt texts; and whether tags close."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.alts, self.text = [], [], [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "img":
            self.alts.append(dict(attributes)["alt"])
        if tag not in ("img", "meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(html):
    reader = Reader()
    reader.feed(html.replace("&nbsp;", " "))
    assert reader.open == []
    return reader


class TestReports:
    def test_the_report_has_all_steps_counts_intervals_seed_and_fingerprint(self, record):
        markdown, page = record.to_markdown(), read(record.to_html()).text
        women = record.measure.views[0].groups[0]
        rate = women.estimates["true_positive_rate"]
        for text in (markdown.replace("\\", ""), page):
            for heading in ("1. Whose", "2. The harm", "3. What was", "4. What was", "5. Measured", "6. What a later"):
                assert heading in text
            assert f"{rate.value:.3f} [{rate.low:.3f}, {rate.high:.3f}] (n {rate.people:,})" in text
            assert record.measure.data_sha256 in text
            assert "seed 0" in text
            assert "2026-01-31" in text
            assert "Before and after" in text

    def test_the_page_is_readable_without_eyes(self, record):
        reader = read(record.to_html())
        assert ("html", {"lang": "en"}) in reader.tags
        tables = [tag for tag, _ in reader.tags if tag == "table"]
        assert len(tables) == len([tag for tag, _ in reader.tags if tag == "caption"]) > 6
        assert {"col", "row"} == {a["scope"] for tag, a in reader.tags if tag == "th"}
        value = record.measure.views[0].groups[0].estimates["true_positive_rate"].value
        assert any(f"F {value:.2f}" in alt for alt in reader.alts)
        assert all(len(alt) > 40 for alt in reader.alts)
        assert not re.search(r"(src|href)=\"(?!data:)", record.to_html())

    def test_the_same_record_gives_the_same_bytes(self, record):
        again = Record.from_json(record.to_json())
        assert again.to_html() == record.to_html()
        assert again.to_markdown() == record.to_markdown()

    def test_what_people_typed_is_text_and_nothing_else(self):
        it = audited(steps=3)
        it.decide(action="accept and document", why="<script>x</script> | a *b* [c](d)\n# e", decided_by="`f`")
        it.reevaluate(what_changed="Nothing.", next_review="In a year.")
        it.document(**DOCUMENT | {"timing": "none"})
        page = it.record.to_html()
        assert "<script>" not in page
        assert "<script>x</script> | a *b*" in read(page).text
        markdown = it.record.to_markdown()
        assert r"\<script\>x\</script\> \| a \*b\* \[c\](d) \# e" in markdown
        assert {line.count("|") - line.count(r"\|") for line in markdown.splitlines() if line.startswith("|")} >= {3, 6}

    def test_steps_and_unfinished_audits_show_themselves(self):
        it = audited(steps=3)
        assert "[x] 3. measure" in repr(it)
        assert "[ ] 4. decide" in repr(it)
        shown = it._repr_markdown_()
        assert "Not done yet" in shown
        assert r"4. decide" in shown
        assert "equal opportunity" in it.choose_metric(**CHOOSE)._repr_markdown_()


class TestDocuments:
    @pytest.mark.parametrize(("write", "answers"), [(model_card, CARD), (impact_assessment, ASSESSMENT)])
    def test_they_hold_every_answer_and_the_numbers_of_every_group(self, record, write, answers):
        answers = {name: f"Answer about {name}." for name in answers}
        markdown = write(record, **answers)
        page = read(write(record, format="html", **answers)).text
        for text in (markdown.replace("\\", ""), page):
            for answer in answers.values():
                assert answer in text
            for view in record.measure.views:
                for row in view.groups:
                    assert row.group in text
                    assert f"{row.count:,}" in text
        assert write(record.to_dict(), **answers) == markdown
        assert write(json.loads(record.to_json()), **answers) == markdown

    @pytest.mark.parametrize(("write", "answers"), [(model_card, CARD), (impact_assessment, ASSESSMENT)])
    def test_every_question_must_be_answered(self, record, write, answers):
        for name in answers:
            for empty in ({name: " "}, {name: None}):
                with pytest.raises(ValueError, match=f"is not complete. Say {name}: "):
                    write(record, **answers | empty)
            with pytest.raises(ValueError, match=name):
                write(record, **{k: v for k, v in answers.items() if k != name})
        with pytest.raises(ValueError, match="has no 'colour'; its questions are"):
            write(record, **answers, colour="red")
        with pytest.raises(ValueError, match="format is 'pdf'"):
            write(record, format="pdf", **answers)

    @pytest.mark.parametrize(("write", "answers"), [(model_card, CARD), (impact_assessment, ASSESSMENT)])
    def test_without_numbers_for_every_group_there_is_no_document(self, record, write, answers):
        def spoiled(change):
            data = record.to_dict()
            change(data)
            with pytest.raises(ValueError, match="record has no") as caught:
                write(data, **answers)
            return str(caught.value)

        assert "no subgroup numbers by sex" in spoiled(lambda d: d["measure"]["views"][0].update(groups=[]))
        assert "no numbers by sex × age" in spoiled(lambda d: d["measure"]["views"].pop())
        assert "no numbers by sex" in spoiled(lambda d: d["measure"].update(views=[]))
        assert "no true positive rate for group 'M'" in spoiled(
            lambda d: d["measure"]["views"][0]["groups"][1].update(estimates={})
        )
        assert "no numbers by sex" in spoiled(lambda d: d["reevaluate"]["measurement"].update(views=[]))
        assert "record has no 'measure'" in spoiled(lambda d: d.pop("measure"))


QUICK = {
    "statement": "Women are shown the offer less often.",
    "name": "Offers",
    "date": "2026-01-31",
    "auditor": "Someone",
    "why": "Protected.",
    "labels_from": "Asked.",
    "lawful_basis": "Consent.",
    "data": "Held out.",
    "n_boot": 20,
}


class TestAtOnce:
    def test_three_steps_at_once_are_the_three_steps(self):
        y_true, y_pred, _, people, _ = world()
        quick = audit(y_true, y_pred, sensitive_features=people, harm="unequal access", **QUICK)
        assert quick.done == ["identify", "choose_metric", "measure"]
        slow = Audit("Offers", date="2026-01-31", auditor="Someone")
        slow.identify(attributes=["sex", "age"], why="Protected.", labels_from="Asked.", lawful_basis="Consent.")
        slow.choose_metric(harm="unequal access", statement=QUICK["statement"])
        slow.measure(y_true, y_pred, sensitive_features=people, data="Held out.", n_boot=20)
        assert quick.steps == slow.steps

    def test_it_runs_neither_without_the_group_nor_without_a_harm(self):
        with pytest.raises(ValueError, match="without the group the answer is unknown, not zero"):
            audit([1, 0], [1, 0], sensitive_features=None, harm="both errors", **QUICK)
        with pytest.raises(ValueError, match="name the harm before the metric"):
            audit([1, 0], [1, 0], sensitive_features=["a", "b"], **QUICK)

    def test_the_lab_as_published(self):
        lab = make_audit_lab()
        y_pred = LogisticRegression(max_iter=2000).fit(lab.X_train, lab.y_train).predict(lab.X_test)
        measured = audit(lab.y_test, y_pred, sensitive_features=lab.a_test, harm="both errors", **QUICK).steps[
            "measure"
        ]
        rows = {row.group: {q: round(e.value, 3) for q, e in row.estimates.items()} for row in measured.views[0].groups}
        assert [rows[g]["selection_rate"] for g in "01"] == [0.524, 0.218]
        assert [rows[g]["accuracy"] for g in "01"] == [0.821, 0.870]
        assert [rows[g]["false_positive_rate"] for g in "01"] == [0.150, 0.115]
        assert [rows[g]["true_positive_rate"] for g in "01"] == [0.800, 0.784]
        assert [round(c.difference.value, 3) for c in measured.views[0].comparisons] == [0.016, 0.035]
        assert round(measured.overall["accuracy"].value, 4) == 0.8455

    @pytest.mark.usefixtures("public_data")
    def test_the_labels_of_adult_as_published(self):
        adult = fetch_adult()
        measured = audit(adult.y, adult.y, sensitive_features=adult.sensitive, harm="unequal access", **QUICK).steps[
            "measure"
        ]
        by_sex, by_race, crossed = measured.views
        assert [round(row.estimates["base_rate"].value, 4) for row in by_sex.groups] == [0.1093, 0.3038]
        assert round(by_sex.comparisons[0].difference.value, 4) == 0.1945
        assert round(by_sex.comparisons[0].ratio, 4) == 0.3597
        assert [round(row.estimates["base_rate"].value, 3) for row in by_race.groups] == [
            0.117, 0.269, 0.121, 0.123, 0.254,
        ]  # fmt: skip
        assert len(crossed.groups) == 10


@pytest.mark.parametrize("seed", range(5))
def test_impact_ratios_compare_with_the_most_selected_large_group(seed):
    _, y_pred, _, people, _ = world(n=60, seed=seed)
    table = impact_ratios(y_pred, sensitive_features=people, min_people=14)
    counted = people.assign(d=y_pred).groupby(["sex", "age"]).d.agg(["size", "mean"])
    top = max(rate for n, rate in counted.to_numpy() if n >= 14)
    assert table.index.tolist() == counted.index.tolist()
    for cell, (n, rate) in zip(counted.index, counted.to_numpy(), strict=True):
        expected = rate / top if n >= 14 else np.nan
        assert table.loc[cell].tolist() == pytest.approx([n, rate, expected], nan_ok=True)


def test_impact_ratios_without_anything_to_divide_by():
    groups = {"a": ["x", "x", "y"], "b": ["u", "u", "v"]}
    nobody_selected = impact_ratios([0, 0, 0], sensitive_features=groups)
    assert nobody_selected.index.tolist() == [("x", "u"), ("y", "v")]
    assert nobody_selected["people"].tolist() == [2, 1]
    assert nobody_selected["ratio"].isna().all()
    none_large = impact_ratios([1, 0, 1], sensitive_features=groups, min_people=3)
    assert none_large["rate"].tolist() == [0.5, 1.0]
    assert none_large["ratio"].isna().all()
    with pytest.raises(ValueError, match="2"):
        impact_ratios([0, 1, 2], sensitive_features=groups)


def test_the_parts_of_a_gap_add_up_and_change_sign_with_the_groups():
    y_true, y_pred, _, people, _ = world(seed=3)
    parts = gap_parts(y_true, y_pred, sensitive_features=people["sex"], one="F", other="M")
    rate = pd.Series(y_pred).groupby(people["sex"]).mean()
    assert parts.sum() == pytest.approx(rate["F"] - rate["M"])
    turned = gap_parts(y_true, y_pred, sensitive_features=people["sex"], one="M", other="F")
    assert turned.tolist() == pytest.approx((-parts).tolist())


def test_the_parts_of_a_gap_by_hand():
    y_true = [1] * 5 + [0] * 5 + [1] * 2 + [0] * 8 + [1, 0]
    y_pred = [1, 1, 1, 1, 0] + [1, 0, 0, 0, 0] + [1, 0] + [1, 1] + [0] * 6 + [1, 1]
    sides = ["W"] * 10 + ["E"] * 10 + ["C"] * 2
    parts = gap_parts(y_true, y_pred, sensitive_features=sides, one="E", other="W")
    assert parts.to_dict() == pytest.approx({"base rates": -0.1275, "TPR": -0.105, "FPR": 0.0325})


def test_the_parts_of_a_gap_are_refused_or_undefined_where_there_are_none():
    with pytest.raises(ValueError, match="one is 'Z'; it must be one of the groups, 'F', 'M'"):
        gap_parts([1, 0, 1, 0], [1, 0, 1, 0], sensitive_features=list("FFMM"), one="Z", other="M")
    with pytest.warns(UndefinedMetricWarning, match="false_positive_rate"):
        parts = gap_parts([1, 1, 1, 0], [1, 0, 1, 0], sensitive_features=list("FFMM"), one="F", other="M")
    assert np.isnan(parts["FPR"])
    assert parts["TPR"] == pytest.approx(0.75 * -0.5)

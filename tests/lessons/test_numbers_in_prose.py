"""Every number that a lesson's prose states about its own data is recomputed here, by other code than the lesson's."""

import re
from pathlib import Path

import numpy as np
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.linear_model import LogisticRegression

from evenodds.datasets import compas_counts, make_audit_lab, make_lending

COURSE = Path(__file__).resolve().parents[2] / "course"


def prose(lesson):
    text = (COURSE / lesson / "lesson.md").read_text(encoding="utf-8")
    return " ".join(text.split())


def share(mask, among):
    return mask[among].mean()


@pytest.fixture(scope="module")
def lab():
    data = make_audit_lab("lab")
    model = LogisticRegression(max_iter=2000).fit(data.X_train, data.y_train)
    parity = ThresholdOptimizer(
        estimator=LogisticRegression(max_iter=2000), constraints="demographic_parity", predict_method="predict_proba"
    ).fit(data.X_train, data.y_train, sensitive_features=data.a_train)
    return {
        "y": data.y_test.to_numpy(),
        "east": (data.a_test == 0).to_numpy(),
        "score": model.predict_proba(data.X_test)[:, 1],
        "before": model.predict(data.X_test),
        "after": parity.predict(data.X_test, sensitive_features=data.a_test, random_state=0),
        "rule": parity.interpolated_thresholder_.interpolation_dict,
    }


def tpr(lab, when, east):
    return share(lab[when] == 1, (lab["east"] == east) & (lab["y"] == 1))


def test_the_rule_in_lesson_01_is_what_fairlearn_learns(lab):
    text = prose("01_group_metrics")
    for group in lab["rule"].values():
        for n in "01":
            assert f"{group[f'operation{n}'].threshold:.7f}, {group[f'p{n}']:.5f}" in text


def test_the_gaps_of_the_lab(lab):
    text = prose("01_group_metrics")
    gap_before = abs(tpr(lab, "before", True) - tpr(lab, "before", False))
    gap_after = abs(tpr(lab, "after", True) - tpr(lab, "after", False))
    assert f"the TPR gap was {100 * gap_before:.1f} points" in text
    assert f"opened a gap of {100 * gap_after:.0f} points in the opposite place" in text
    assert f"{100 * tpr(lab, 'before', True):.0f} of 100 Eastern applicants who would repay were approved" in text
    assert tpr(lab, "after", True) < 0.5  # "more than half of the Easterners who would repay are now refused"
    assert 0.49 < tpr(lab, "after", True) / tpr(lab, "after", False) < 0.51  # "half the chance"
    fpr_gap = abs(
        share(lab["before"] == 1, lab["east"] & (lab["y"] == 0))
        - share(lab["before"] == 1, ~lab["east"] & (lab["y"] == 0))
    )
    assert fpr_gap > gap_before  # equal opportunity is not equalized odds


def test_the_rates_of_the_lab(lab):
    text = prose("01_group_metrics")
    base = [share(lab["y"] == 1, lab["east"]), share(lab["y"] == 1, ~lab["east"])]
    assert (
        f"{100 * base[0]:.0f} % of the Eastern and {100 * base[1]:.0f} % of the Western applicants would repay" in text
    )
    assert f"an average over {int(((lab['y'] == 1) & ~lab['east']).sum())} people" in text
    approval = [share(lab["after"] == 1, lab["east"]), share(lab["after"] == 1, ~lab["east"])]
    assert round(100 * abs(approval[0] - approval[1])) == 2  # "differ by two points"
    accuracy = [(lab[when] == lab["y"]).mean() for when in ("before", "after")]
    assert f"accuracy fell from {accuracy[0]:.2f} to {accuracy[1]:.2f}" in text
    assert f"Accuracy falls from {accuracy[0]:.2f} to {accuracy[1]:.2f}" in text
    west, repays = ~lab["east"], lab["y"] == 1
    fpr = [share(lab[when] == 1, west & ~repays) for when in ("before", "after")]
    assert f"Its FPR rises from {fpr[0]:.3f} to {fpr[1]:.3f}" in text
    assert share(repays, west & (lab["after"] == 1)) < 0.5  # "more than half of the loans … will not be repaid"
    before = [share(lab["before"] == 1, lab["east"]), share(lab["before"] == 1, west)]
    assert f"the selection gap stays at about {100 * (before[0] - before[1]):.0f} points" in text
    assert (
        f"this rate was {tpr(lab, 'before', True):.2f} in the East and {tpr(lab, 'before', False):.2f} in the West"
        in text
    )
    assert f"After it, {tpr(lab, 'after', True):.2f} and {tpr(lab, 'after', False):.2f}" in text


def test_only_the_same_answer_for_everyone_closes_both_gaps(lab):
    assert "10,201 settings, and exactly two of them do it" in prose("01_group_metrics")
    cuts = np.round(np.arange(0, 1.005, 0.01), 2)
    assert len(cuts) ** 2 == 10_201
    selected = lab["score"][:, None] > cuts
    east, repays = lab["east"], lab["y"] == 1
    selection_gap = np.abs(selected[east].mean(0)[:, None] - selected[~east].mean(0)[None, :])
    tpr_gap = np.abs(selected[east & repays].mean(0)[:, None] - selected[~east & repays].mean(0)[None, :])
    both_small = np.argwhere((selection_gap < 0.02) & (tpr_gap < 0.02))
    assert [(cuts[i], cuts[j]) for i, j in both_small] == [(0, 0), (1, 1)]


def test_the_figures_of_compas():
    text = prose("01_group_metrics")
    people = compas_counts(expand=True)

    def rate(race, decision, label=None):
        here = (people.race == race) & ((people.y_true == label) if label is not None else True)
        return (people.y_pred[here] == decision).mean()

    fpr = {race: rate(race, 1, 0) for race in ("Black", "White")}
    assert (
        f"{100 * fpr['Black']:.2f} % had been called risky; of the White defendants, {100 * fpr['White']:.2f} %" in text
    )
    low_risk = rate("Black", 0) - rate("White", 0)
    assert (
        f"the difference changes its sign, −{abs(low_risk):.3f}. "
        f"The ratio becomes {rate('Black', 0) / rate('White', 0):.3f}" in text
    )
    assert f"*not* one over {rate('Black', 1) / rate('White', 1):.3f}" in text
    assert low_risk < 0
    assert f"The FPR column differs by {100 * (fpr['Black'] - fpr['White']):.0f} points" in text
    precision = {
        race: people.y_true[(people.race == race) & (people.y_pred == 1)].mean() for race in ("Black", "White")
    }
    assert f"The precision column differs by {100 * (precision['Black'] - precision['White']):.0f} points" in text
    assert re.search(r"scores of 7,214 people", text)
    assert len(people) == 7214
    assert f"{people.race.isin(['Black', 'White']).sum():,} of them who are listed as Black or White" in text


def test_what_fairlearn_makes_of_an_undefined_rate():
    from fairlearn.metrics import equalized_odds_difference

    labels, groups = [1, 0, 0, 0], ["a", "a", "b", "b"]
    assert equalized_odds_difference(labels, labels, sensitive_features=groups) == 1.0


def test_the_rates_of_lesson_00():
    text = prose("00_start_here")
    loans = make_lending(n_samples=6000, historical_bias=1.2, measurement_bias=0, random_state=1)
    where = loans.sensitive.neighbourhood
    approved = loans.X.income > 24 + 6 * loans.X.late_payments
    accuracy = (approved == (loans.y == 1)).groupby(where).mean()
    assert np.ptp(accuracy) < 0.03  # "right about equally often in every neighbourhood"
    assert 0.6 < (approved == (loans.y == 1)).mean() < 0.7  # "right for about two in three people"
    approval = (100 * approved.groupby(where).mean()).round()
    assert f"{approval.Hillside:.0f} % of the people on the Hillside, {approval.Riverside:.0f} % in Riverside" in text
    assert f"{approval.Harbour:.0f} % in the Harbour" in text
    repays = loans.y == 1
    repayers = approved[repays].groupby(where[repays]).mean()
    refused = (100 * (1 - repayers)).round()
    assert f"who would repay, {refused.Harbour:.0f} are refused. On the Hillside it is {refused.Hillside:.0f}." in text
    assert f"{repayers.Harbour:.2f} in the Harbour, {repayers.Hillside:.2f} on the Hillside" in text
    base = (100 * repays.groupby(where).mean()).round()
    assert f"{base.Hillside:.0f} % on the Hillside and {base.Harbour:.0f} % in the Harbour would repay" in text


def test_the_towns_of_lesson_00():
    towns = {
        "Ashby": make_lending(20000, historical_bias=0, representation_bias=0, measurement_bias=0.5, random_state=5),
        "Birch": make_lending(20000, historical_bias=1.2, representation_bias=0, measurement_bias=0, random_state=5),
        "Cliffe": make_lending(20000, historical_bias=0, representation_bias=0.9, measurement_bias=0, random_state=5),
    }
    where = {name: town.sensitive.neighbourhood for name, town in towns.items()}
    recorded = {name: town.y.groupby(where[name]).mean() for name, town in towns.items()}
    true = {name: town.truth.label.groupby(where[name]).mean() for name, town in towns.items()}
    assert recorded["Ashby"].idxmin() == recorded["Birch"].idxmin() == "Harbour"
    assert np.ptp(true["Ashby"]) < 0.03
    assert np.allclose(true["Birch"], recorded["Birch"])
    assert np.ptp(true["Birch"]) > 0.1
    assert np.ptp(true["Cliffe"]) < 0.03
    in_the_files = (where["Cliffe"] == "Harbour").mean()
    assert f"only {100 * in_the_files:.0f} % of the people in the files" in prose("00_start_here")

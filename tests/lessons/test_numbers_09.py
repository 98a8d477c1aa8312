"""The numbers that lesson 09 states, computed another way: the repair as tables of quantiles, rates by mask."""

from pathlib import Path

import numpy as np
import pytest
from fairlearn.preprocessing import CorrelationRemover
from scipy.stats import ks_2samp
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_score, recall_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from evenodds.calibration import expected_calibration_error
from evenodds.datasets import make_hiring

LESSON = Path(__file__).resolve().parents[2] / "course" / "09_repair" / "lesson.md"


@pytest.fixture(scope="module")
def text():
    return " ".join(LESSON.read_text(encoding="utf-8").split())


def curve(values):
    points, counts = np.unique(values, return_counts=True)
    return (np.cumsum(counts) - counts / 2) / len(values), points


def full_repair(train, disabled_train, test, disabled_test):
    """Training and test features at level 1, column by column."""
    found = np.empty(train.shape), np.empty(test.shape)
    for j in range(train.shape[1]):
        curves = {flag: curve(train[disabled_train == flag, j]) for flag in (False, True)}
        for flag, (places, points) in curves.items():
            becomes = np.mean([np.interp(places, *other) for other in curves.values()], axis=0)
            for X, mask, out in ((train, disabled_train, found[0]), (test, disabled_test, found[1])):
                out[mask == flag, j] = np.interp(X[mask == flag, j], points, becomes)
    return found


def without_line(train, disabled_train, test, disabled_test):
    """Fairlearn's remover, which takes the group as a column."""
    tables = [np.column_stack([flags, X]) for flags, X in ((disabled_train, train), (disabled_test, test))]
    remover = CorrelationRemover(sensitive_feature_ids=[0]).fit(tables[0])
    return tuple(remover.transform(table) for table in tables)


def unchanged(train, _, test, __):
    return train, test


class Split:
    """One split of one world, as arrays."""

    def __init__(self, data, X=None):
        X = (data.X if X is None else X).to_numpy(float)
        disabled = (data.sensitive["disability"] == "disabled").to_numpy()
        self.train, self.test = X[data.train_rows], X[data.test_rows]
        self.disabled_train, self.disabled = disabled[data.train_rows], disabled[data.test_rows]
        self.y_train, self.y = data.y_train.to_numpy(), data.y_test.to_numpy()

    def features(self, change, level=1.0):
        changed = change(self.train, self.disabled_train, self.test, self.disabled)
        return [(1 - level) * old + level * new for old, new in zip((self.train, self.test), changed, strict=True)]

    def scores(self, change, level=1.0):
        train, test = self.features(change, level)
        scaler = StandardScaler().fit(train)
        model = LogisticRegression().fit(scaler.transform(train), self.y_train)
        return model.predict_proba(scaler.transform(test))[:, 1]

    def decide(self, change, level=1.0):
        return (self.scores(change, level) > 0.5).astype(int)

    def boosted(self, change):
        train, test = self.features(change)
        return (
            GradientBoostingClassifier(n_estimators=30, learning_rate=0.3, random_state=0)
            .fit(train, self.y_train)
            .predict(test)
        )

    def told(self, change):
        train, test = self.features(change)
        tree = DecisionTreeClassifier(min_samples_leaf=50, random_state=0).fit(train, self.disabled_train)
        return roc_auc_score(self.disabled, tree.predict_proba(test)[:, 1])

    def tpr(self, decided, disabled):
        here = self.disabled == disabled
        return recall_score(self.y[here], decided[here])

    def gap(self, decided):
        return self.tpr(decided, True) - self.tpr(decided, False)

    def precision(self, decided, disabled):
        here = self.disabled == disabled
        return precision_score(self.y[here], decided[here])


@pytest.fixture(scope="module")
def hiring():
    return make_hiring(n_samples=12_000).split(random_state=0)


@pytest.fixture(scope="module")
def case(hiring):
    return Split(hiring)


@pytest.fixture(scope="module")
def decided(case):
    ways = {"nothing": unchanged, "line": without_line, "repair": full_repair}
    return {way: case.decide(change) for way, change in ways.items()}


def test_the_incident(text, case, decided):
    rates = [100 * case.tpr(decided["nothing"], flag) for flag in (True, False)]
    assert f"who would do well, {rates[0]:.1f} % are invited. Of the others who would, {rates[1]:.1f} %" in text
    ratio = case.y_train[case.disabled_train].mean() / case.y_train[~case.disabled_train].mean()
    assert f"that ratio was {ratio:.2f} before the repair" in text


def test_both_removers_on_the_shared_case(text, case, decided):
    before, after = (-100 * case.gap(decided[way]) for way in ("nothing", "line"))
    assert f"The gap in true positive rates was {before:.1f} points. It is {after:.1f} now" in text
    rates = [case.tpr(decided["line"], flag) for flag in (True, False)]
    assert f"now: {100 * rates[0]:.1f} % against {100 * rates[1]:.1f} %" in text
    n = [(case.y[case.disabled == flag] == 1).sum() for flag in (True, False)]
    assert f"There are {n[0]} disabled people who did well in this table" in text
    error = np.sqrt(sum(rate * (1 - rate) / size for rate, size in zip(rates, n, strict=True)))
    assert f"the standard error of the gap is about {100 * error:.0f} points" in text
    assert f"The gap in true positive rates is {-100 * case.gap(decided['repair']):.1f} points here too" in text


def test_five_splits(text, hiring):
    splits = [Split(hiring.split(random_state=seed)) for seed in range(5)]
    nothing, line, repair = (
        100 * np.array([split.gap(split.decide(change)) for split in splits])
        for change in (unchanged, without_line, full_repair)
    )
    assert f"behind by {-nothing.max():.0f} to {-nothing.min():.0f} points" in text
    both = np.r_[line, repair]
    assert f"With either remover they are between {-both.min():.0f} points behind and {both.max():.0f} ahead" in text
    assert f"The two differ by {abs(line - repair).max():.1f} points at most" in text


@pytest.fixture(scope="module")
def spread():
    rng = np.random.default_rng(79)
    member = rng.integers(0, 2, 2000)
    return member, rng.normal(0, np.where(member == 1, 3, 1))


def test_a_line_leaves_the_square(text, spread):
    member, x = spread
    means = np.array([x[member == g].mean() for g in (0, 1)])
    left = x - (means - x.mean())[member]
    assert f"The correlation was {np.corrcoef(x, member)[0, 1]:.3f}: next to nothing to subtract" in text
    squares = [np.corrcoef(z**2, member)[0, 1] for z in (x, left)]
    assert f"That with $x^2$ was {squares[0]:.3f} and stays {squares[1]:.3f}" in text
    assert f"the distributions are {ks_2samp(left[member == 1], left[member == 0]).statistic:.3f} apart" in text
    assert f"recovers the group with an AUC of {auc_of_a_tree(left, member):.3f}, as well as before" in text
    assert abs(auc_of_a_tree(x, member) - auc_of_a_tree(left, member)) < 0.01


def auc_of_a_tree(x, member):
    seed = int(np.random.default_rng(0).integers(2**31))  # the library's folds
    tree, folds = (
        DecisionTreeClassifier(max_depth=3, random_state=0),
        StratifiedKFold(5, shuffle=True, random_state=seed),
    )
    return roc_auc_score(member, cross_val_predict(tree, x[:, None], member, cv=folds, method="predict_proba")[:, 1])


def test_repair_takes_the_square(text, spread):
    member, x = spread
    repaired = full_repair(x[:, None], member == 1, x[:, None], member == 1)[0][:, 0]
    apart = ks_2samp(repaired[member == 1], repaired[member == 0]).statistic
    square = abs(np.corrcoef(repaired**2, member)[0, 1])
    assert f"The KS distance is {apart:.2f}, the correlation with $x^2$ is {square:.3f}" in text
    assert f"the tree is left with an AUC of {auc_of_a_tree(repaired, member):.3f}: chance" in text


def test_the_distance_by_hand(text):
    a, b = np.array([1, 2, 3, 4]), np.array([3, 4, 5])
    gap = {v: abs((a <= v).mean() - (b <= v).mean()) for v in (2, 3, 4)}
    assert (
        f"none of three, {gap[2]:g}. At $v = 3$: 3/4 − 1/3 = {gap[3]:.3f}. At $v = 4$: 1 − 2/3 = {gap[4]:.3f}" in text
    )
    assert ks_2samp(a, b).statistic == gap[2] == max(gap.values())


def test_the_eight_by_hand(text):
    x = np.array([1, 2, 3, 4, 10, 11, 20, 59.0])[:, None]
    group = np.arange(8) >= 4
    repaired = full_repair(x, group, x, group)[0][:, 0]
    assert "| both get | " + " | ".join(f"{value:g}" for value in repaired[:4]) + " |" in text
    assert repaired[:4].tolist() == repaired[4:].tolist()


def test_the_remover_does_nothing(text, hiring, case, decided):
    scaler = StandardScaler().fit(case.train)
    old = LogisticRegression().fit(scaler.transform(case.train), case.y_train)
    kept = old.predict(scaler.transform(case.features(full_repair)[1]))
    assert f"The gap shrinks to {-100 * case.gap(kept):.1f} points" in text
    assert f"the true positive rate of the others falls to {case.tpr(kept, False):.3f}" in text
    test = [*hiring.X].index("test_score")

    def all_but_the_test(*given):
        found = full_repair(*given)
        found[0][:, test], found[1][:, test] = given[0][:, test], given[2][:, test]
        return found

    partly = case.decide(all_but_the_test)
    assert f"{case.tpr(partly, True):.3f} against {case.tpr(partly, False):.3f}: as if nothing had been done" in text
    rates = [case.tpr(decided["repair"], flag) for flag in (True, False)]
    assert f"decisions audited.** {rates[0]:.3f} against {rates[1]:.3f}" in text


def test_the_group_decides_at_decision_time(text, case, hiring):
    test = [*hiring.X].index("test_score")
    alike = np.full((2, case.train.shape[1]), 60.0)
    two = full_repair(case.train, case.disabled_train, alike, np.array([True, False]))[1][:, test]
    assert f"with all {len(case.train):,} people {two[0] - two[1]:.1f} points between them" in text


def test_the_gap_comes_through_the_test_which_is_shifted(case, hiring):
    test = [*hiring.X].index("test_score")
    groups = [case.train[case.disabled_train == flag, test] for flag in (True, False)]
    assert abs(groups[0].std() / groups[1].std() - 1) < 0.05
    assert groups[1].mean() - groups[0].mean() > groups[1].std() / 2


def world(bias, seed=0):
    fair = dict.fromkeys(["historical_bias", "representation_bias", "measurement_bias", "feature_measurement_bias"], 0)
    return Split(make_hiring(30_000, random_state=seed, **(fair | bias)).split(test_size=0.5))


def test_two_worlds(text):
    wrong_test, wrong_past = world({"feature_measurement_bias": 1}), world({"historical_bias": 1.2})
    start = [-100 * w.gap(w.decide(unchanged)) for w in (wrong_test, wrong_past)]
    assert f"are {start[0]:.1f} points behind in world A, {start[1]:.1f} in world B" in text
    a, b = (w.decide(full_repair) for w in (wrong_test, wrong_past))
    assert f"goes from −{start[1]:.0f} points through 0 to +{100 * wrong_past.gap(b):.0f}" in text
    assert f"ends at a gap of {100 * wrong_test.gap(a):.1f} points" in text
    equal = [wrong_test.precision(a, flag) for flag in (True, False)]
    assert f"precision is equal too, {equal[0]:.2f} and {equal[1]:.2f}" in text
    assert f"ends at {100 * wrong_past.gap(b):.1f} points the other way" in text
    unequal = [100 * wrong_past.precision(b, flag) for flag in (True, False)]
    assert f"disabled people invited, {unequal[0]:.1f} % do well, of the others {unequal[1]:.1f} %" in text
    assert f"with {unequal[0]:.0f} % of the invited disabled applicants doing well against {unequal[1]:.0f} %" in text
    assert wrong_past.gap(wrong_past.decide(full_repair, 0.6)) < 0 < wrong_past.gap(wrong_past.decide(full_repair, 0.7))
    halfway = wrong_test.gap(wrong_test.decide(full_repair, 0.5)) / wrong_test.gap(wrong_test.decide(unchanged))
    assert 0.4 < halfway < 0.6  # "level 0.5 takes away about half of the gap"
    for seed in (1, 2):
        past, score = world({"historical_bias": 1.2}, seed), world({"feature_measurement_bias": 1}, seed)
        assert past.gap(past.decide(full_repair)) > 0.03  # "overshoots each time"
        assert abs(score.gap(score.decide(full_repair))) < 0.01  # "stays within a point of zero"


def test_whole_numbers_stay_apart(text, case, hiring):
    tables = [case.test, case.features(full_repair)[1], case.features(without_line)[1]]
    apart = {
        name: [ks_2samp(X[case.disabled, j], X[~case.disabled, j]).statistic for X in tables]
        for j, name in enumerate(hiring.X)
    }
    before, repaired, straight = apart["test_score"]
    assert f"*test_score* comes down from {before:.3f} to about {repaired:.1f}" in text
    assert round(straight, 1) == round(repaired, 1)
    before, _, straight = apart["career_gap"]
    assert f"leaves *career_gap* farther apart than it was ({straight:.3f} after {before:.3f})" in text
    before, repaired, straight = apart["referred"]
    assert f"*referred* goes **up**, from {before:.3f} to {repaired:.3f}, after either remover" in text
    assert round(straight, 3) == round(repaired, 3)
    sizes = [case.disabled.sum(), (~case.disabled).sum()]
    chance = 1.358 * np.sqrt(sum(1 / n for n in sizes))  # the 95 % point of Kolmogorov's distribution
    assert f"({sizes[0]} people and {sizes[1]:,} from the *same* distribution would be up to about {chance:.2f}" in text


def test_the_fingerprint(text, hiring, case):
    told = [case.told(change) for change in (unchanged, full_repair, without_line)]
    assert f"with an AUC of {told[0]:.3f}. After either remover it is {told[1]:.3f}" in text
    assert f"{told[2]:.3f}" == f"{told[1]:.3f}"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, hiring.X.shape) * [1, 0.1, 1, 1, 1]
    loose = hiring.X + noise
    assert f"recoverability is {Split(hiring, loose).told(full_repair):.3f}, no better than chance" in text
    splits = [hiring.split(random_state=seed) for seed in range(3)]
    nothing, repaired, by_lot = (
        [100 * split.gap(split.boosted(change)) for split in (Split(data, X) for data in splits)]
        for change, X in ((unchanged, None), (full_repair, None), (full_repair, loose))
    )
    assert f"stay {-max(repaired):.0f} to {-min(repaired):.0f} points behind" in text
    assert f"({-max(nothing):.0f} to {-min(nothing):.0f} before)" in text
    assert f"the trees' gap is between {-min(by_lot):.0f} points behind and {max(by_lot):.0f} ahead" in text


def test_pairs_tell_the_group_and_single_columns_do_not():
    rng = np.random.default_rng(0)
    side = np.repeat([False, True], 1000)
    one = rng.normal(size=2000)
    other = np.where(side, -one, one)
    X = np.column_stack([one, other])
    repaired = full_repair(X, side, X, side)[0]
    assert max(ks_2samp(z[side], z[~side]).statistic for z in repaired.T) < 0.001
    assert auc_of_a_tree(repaired.prod(axis=1), side.astype(int)) > 0.99


def test_the_audit(text, case, decided):
    before, after = decided["nothing"], decided["repair"]
    well = case.disabled & (case.y == 1)
    assert f"{(after - before)[well].sum()} more of the {well.sum()} disabled applicants who did well" in text
    gaps = [abs(case.precision(d, True) - case.precision(d, False)) for d in (before, after)]
    assert f"the gap in precision grows from {100 * gaps[0]:.1f} to {100 * gaps[1]:.1f} points" in text
    lost = ~case.disabled & (before > after)
    assert f"{lost.sum()} other applicants lose their invitation, {case.y[lost].sum()} of whom did well" in text
    assert not (~case.disabled & (after > before)).any()  # "nobody among the others gains one"
    fall = case.tpr(before, False) - case.tpr(after, False)
    assert f"Their true positive rate falls by {100 * fall:.1f} points" in text
    errors = [
        max(expected_calibration_error(case.y[here], s[here]) for here in (case.disabled, ~case.disabled))
        for s in (case.scores(unchanged), case.scores(full_repair))
    ]
    assert f"calibration error of a group grows from {errors[0]:.3f} to {errors[1]:.3f}" in text
    right = [int((case.y == d).sum()) for d in (before, after)]
    n = len(case.y)
    assert f"Accuracy goes from {right[0] / n:.3f} to {right[1] / n:.3f}, {right[0] - right[1]} people of {n:,}" in text
    assert right[0] - right[1] < 2 * np.sqrt((before != after).sum())  # "no more than chance does"

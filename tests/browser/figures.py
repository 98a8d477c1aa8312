"""What the explorer of each lesson must say where its sliders stand, from the library's functions and not the explorer.

The functions run in the lesson's kernel, where the data are: the first argument is what the sliders read, from the top
down; the others are named like the lesson's variables. Each returns what the alt text holds, and what is printed.
"""


def threshold(cuts, score, repays, side):
    import numpy as np

    from evenodds import metrics

    shown, printed = [], []
    for name, cut in zip(np.unique(side), cuts, strict=True):
        y, selected = repays[side == name], score[side == name] > cut
        shown.append(f"{name}: {selected.sum()} of {len(y)} selected above the threshold {cut:.2f}")
        names = "selection_rate", "true_positive_rate", "false_positive_rate", "positive_predictive_value", "accuracy"
        rates = [getattr(metrics, rate)(y, selected.astype(int)) for rate in names]
        printed.append(" ".join([name, *(f"{rate:.3f}" for rate in rates)]))
    return shown, printed


def evidence(settings):
    from evenodds.uncertainty import wilson_interval

    shown, found = [], []
    for name, n, rate in zip(["interpreter", "in writing"], settings[:2], settings[2:], strict=True):
        k = round(rate * n)
        low, high = wilson_interval(k, int(n))
        shown.append(f"{name} {k / n:.2f} ({low:.2f} to {high:.2f}, n {n:.0f})")
        found.append((k / n, low, high))
    (r, low, high), (r0, low0, high0) = found
    gap = r - r0
    least = gap - ((r - low) ** 2 + (high0 - r0) ** 2) ** 0.5
    most = gap + ((high - r) ** 2 + (r0 - low0) ** 2) ** 0.5
    return shown, [f"The gap is {gap:+.2f}, its interval goes from {least:+.2f} to {most:+.2f}."]


def platt(settings, score, won, language, some_of_each):
    import numpy as np
    from scipy.special import expit, logit
    from sklearn.metrics import roc_auc_score

    from evenodds.calibration import expected_calibration_error, reliability_table

    *slopes, n_bins = settings
    language, won, score = language[some_of_each], won[some_of_each], score[some_of_each]
    shown, printed, everyone = [], [], np.empty(len(score))
    for name, slope in zip(np.unique(language), slopes, strict=True):
        here = language == name
        y, s = won[here], expit(slope * logit(score[here]))
        everyone[here] = s
        error = expected_calibration_error(y, s, n_bins=int(n_bins))
        printed.append(f"{name} {error:.3f} {roc_auc_score(y, s):.3f} {(s[y == 1] > 0.5).mean():.3f}")
        bins = reliability_table(y, s, n_bins=int(n_bins))
        first = bins[bins["n"] > 0].iloc[0]
        shown.append(f"{name}: score {first.mean_score:.2f} observed {first.observed_rate:.2f} among {first.n:.0f}")
    error = expected_calibration_error(won, everyone, n_bins=int(n_bins))
    return [*shown, f"ECE of everyone: {error:.3f}"], printed


def impossibility(settings):
    from evenodds.impossibility import implied_false_positive_rate

    *base_rates, ppv, fnr = settings
    first, second = implied_false_positive_rate(base_rates, ppv, fnr)
    equal = base_rates[0] == base_rates[1]
    said = f"{first:.2f} in both groups" if equal else f"{first:.0%} of group Black and {second:.0%} of group White"
    return [f"false positive rate: Black {first:.2f}, White {second:.2f}"], [said]


def similarity(settings, crowd_scaled, crowd_scores):
    from evenodds.individual import lipschitz_violations

    *weights, bound = settings
    pairs = lipschitz_violations(crowd_scaled[:120] * weights, crowd_scores[:120], lipschitz=bound)
    return [f"{len(pairs):,} of {120 * 119 // 2:,} pairs lie above the line {bound:g} times distance"], []


def coverage(settings, model, past_hints, past_right, past_groups, new_proba, new_right, new_groups):
    import numpy as np

    from evenodds.coverage import SplitConformalClassifier

    alpha, rows = settings[0], int(settings[1])
    past_groups, names = np.asarray(past_groups), ["relayed", "translated", "typed"]
    few = np.flatnonzero(past_groups == "translated")[:rows]
    kept = np.sort(np.r_[few, np.flatnonzero(past_groups != "translated")])
    calibration = model.predict_proba(past_hints)[kept], past_right[kept]
    shown, limits = [], []
    for way, own in [("one threshold", False), ("own thresholds", True)]:
        conformal = SplitConformalClassifier(alpha=alpha, per_group=own)
        conformal.calibrate(*calibration, sensitive_features=past_groups[kept])
        sets = np.asarray(conformal.predict_set(new_proba, sensitive_features=new_groups))
        held = sets[np.arange(len(sets)), new_right]
        everyone = [("everyone", np.ones(len(sets), bool)), *((name, new_groups == name) for name in names)]
        said = [f"{name} covered {held[h].mean():.2f} with {sets[h].sum(1).mean():.2f}" for name, h in everyone]
        shown.append(f"{way}: " + ", ".join(f"{text} departments" for text in said))
        limits.append(conformal.quantile_)
    one, each = limits
    numbers = [(past_groups[kept] == name).sum() for name in names]
    rows = zip(names, numbers, each, strict=True)
    return shown, [f"{name} {n} {one:.3f} {limit:.3f}".replace("inf", "infinite") for name, n, limit in rows]


def repair(settings, worlds):
    import numpy as np
    from scipy.stats import ks_2samp
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    from evenodds.preprocessing import DisparateImpactRemover

    shown, printed = [], []
    for name, world in worlds.items():
        remover = DisparateImpactRemover(settings[0])
        train = remover.fit_transform(world.X_train, sensitive_features=world.train.sensitive["disability"])
        test = remover.transform(world.X_test, sensitive_features=world.test.sensitive["disability"])
        here = (world.test.sensitive["disability"] == "disabled").to_numpy()
        scores = test[:, list(world.X).index("test_score")].round(9)
        shown.append(f"{name}: curves at most {ks_2samp(scores[here], scores[~here]).statistic:.2f} apart")
        scaler, y = StandardScaler().fit(train), world.y_test.to_numpy()
        invited = LogisticRegression().fit(scaler.transform(train), world.y_train).predict(scaler.transform(test))
        found = [invited[side & (y == 1)].mean() for side in (here, ~here)]
        right = [y[side & (invited == 1)].mean() for side in (here, ~here)]
        row = [*found, *right, abs(found[0] - found[1]), np.mean(invited == y)]
        printed.append(" ".join([name, *(f"{number:.3f}" for number in row)]))
    return shown, printed


def roc_plane(cuts, score, y, who):
    import numpy as np

    from evenodds import metrics

    shown, printed = [], []
    for name, cut in zip(np.unique(who), cuts, strict=True):
        label, selected = y[who == name], (score[who == name] > cut).astype(int)
        fpr, tpr = metrics.false_positive_rate(label, selected), metrics.true_positive_rate(label, selected)
        shown.append(f"{name} at false positive rate {fpr:.2f}, true positive rate {tpr:.2f}")
        printed.append(f"{name} {metrics.selection_rate(label, selected):.3f} {tpr:.3f} {fpr:.3f}")
    return shown, printed


def mixing(chances, finishes, says_yes, is_older):
    import numpy as np

    from evenodds.postprocessing import expected_rates

    p1, p0 = np.reshape(chances, (2, 2))[1 - is_older].T  # the sliders' groups are in alphabetical order
    chance = np.where(says_yes == 1, p1, p0)
    rates = expected_rates(finishes, chance, sensitive_features=np.where(is_older == 1, "older", "younger"))
    found = [(name, row.true_positive_rate, row.false_positive_rate) for name, row in rates.iterrows()]
    shown = [f"{name} with coins: FPR {fpr:.2f}, TPR {tpr:.2f}" for name, tpr, fpr in found]
    wrong = np.abs(finishes - chance).mean()
    printed = [f"{name} {tpr:.3f} {fpr:.3f}" for name, tpr, fpr in found]
    return shown, [*printed, f"Expected share of wrong decisions: {wrong:.3f}."]


def reweighing(settings, hiring):
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    from evenodds.preprocessing import reweighing_weights

    group, y = hiring.train.sensitive["disability"].to_numpy(), hiring.y_train.to_numpy()
    weights = reweighing_weights(y, sensitive_features=group) ** settings[0]
    scaler = StandardScaler().fit(hiring.X_train)
    model = LogisticRegression().fit(scaler.transform(hiring.X_train), y, weights)
    invited, well = model.predict(scaler.transform(hiring.X_test)), hiring.y_test.to_numpy() == 1
    of, labels, selected, hits = hiring.test.sensitive["disability"].to_numpy(), [], [], []
    for name in ("disabled", "not disabled"):
        here = group == name
        labels.append(f"{name} {np.average(y[here], weights=weights[here]):.2f}")
        selected.append(f"{name} {invited[of == name].mean():.2f}")
        hits.append(f"{name} {invited[(of == name) & well].mean():.2f}")
    rows = [("weighted labels", labels), ("selected", selected), ("TPR", hits)]
    return [f"{rate}: {', '.join(values)}" for rate, values in rows], []


def penalty(settings, hiring):
    import numpy as np
    from sklearn.preprocessing import StandardScaler

    from evenodds.inprocessing import FairLogisticRegression

    group = hiring.sensitive["disability"].to_numpy()
    of, well = group[hiring.test_rows], hiring.y_test.to_numpy() == 1
    scaler = StandardScaler().fit(hiring.X_train)
    model = FairLogisticRegression("equal_opportunity", penalty_weight=settings[0])
    model.fit(scaler.transform(hiring.X_train), hiring.y_train, sensitive_features=group[hiring.train_rows])
    invited = model.predict(scaler.transform(hiring.X_test))
    selected, hits = [], []
    for name in ("disabled", "not disabled"):
        selected.append(f"{name} {invited[of == name].mean():.2f}")
        hits.append(f"{name} {invited[(of == name) & well].mean():.2f}")
    accuracy = np.mean(invited == well)
    said = f"Gap in mean scores while learning: {model.gap_:.3f}. Accuracy for new people: {accuracy:.3f}."
    weights = " ".join(f"{weight:.3f}" for weight in model.coef_[0])
    return [f"selection rate: {', '.join(selected)}", f"true positive rate: {', '.join(hits)}"], [said, weights]


def representation(settings, X, y, staff, new_X, new_y, new_disabled):
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    from evenodds.preprocessing import LearnedFairRepresentations

    A_z, K = settings
    learner = LearnedFairRepresentations(int(K), 0.1, 1.0, A_z, random_state=0)
    learner.fit(X, y, sensitive_features=staff.sensitive["disability"])
    here, profiles = new_disabled == 1, learner.transform(new_X)
    means = zip(profiles[here].mean(axis=0), profiles[~here].mean(axis=0), strict=True)
    shown = [f"prototype {k}: disabled {a:.2f}, not disabled {b:.2f}" for k, (a, b) in enumerate(means, start=1)]
    other = LogisticRegression(C=100, max_iter=1000).fit(learner.transform(X), y)
    scores = {
        "the learner's own": learner.predict_proba(new_X)[:, 1],
        "another model on the profiles": other.predict_proba(profiles)[:, 1],
    }
    printed = []
    for name, score in scores.items():
        first, second = ((score >= 0.5)[side & (new_y == 1)].mean() for side in (here, ~here))
        auc = roc_auc_score(new_y, score)
        printed.append(f"{name} {first:.3f} {second:.3f} {abs(first - second):.3f} {auc:.3f}")
    return shown, printed


def adversary(settings, S, y, reader, new_S, new_y, new_reader):
    import numpy as np
    from sklearn.metrics import roc_auc_score
    from sklearn.tree import DecisionTreeClassifier

    from evenodds.inprocessing import AdversarialDebiasing

    alpha, seed = settings
    model = AdversarialDebiasing(alpha=alpha, projection=alpha > 0, epochs=25, random_state=int(seed))
    model.fit(S[:, 1:], y, sensitive_features=reader)
    told = model.history_["adversary_loss"].round(9)
    shown = [f"the adversary's loss, α = {alpha:g}: from {told.iloc[0]:.2f} to {told.iloc[-1]:.2f}"]
    z, new_z = model.decision_function(S[:, 1:]), model.decision_function(new_S[:, 1:])
    invited = new_z > 0
    rates = [
        [invited[people & (new_reader == a)].mean() for a in (0, 1)] for people in (new_y >= 0, new_y == 1, new_y == 0)
    ]
    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=20, random_state=0).fit(z[:, None], reader)
    judge = roc_auc_score(new_reader, tree.predict_proba(new_z[:, None])[:, 1])
    row = [*(other - one for one, other in rates), np.mean(invited == new_y), judge]
    return shown, [" ".join(f"{number:.3f}" for number in row)]


def price(settings, X, y, group):
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    (price,) = settings
    label, who = np.asarray(y), np.asarray(group)
    names = np.unique(who)
    worth = 2 * label - 1 - price * ((who == names[0]) / np.mean(who == names[0]) - 1)
    chosen = LogisticRegression(max_iter=2000).fit(X, worth > 0, sample_weight=np.abs(worth)).predict(X)
    rates = {
        "selection rate": [chosen[who == name].mean() for name in names],
        "true positive rate": [chosen[(who == name) & (label == 1)].mean() for name in names],
    }
    shown = [
        f"{rate}: " + ", ".join(f"{name} {value:.2f}" for name, value in zip(names, values, strict=True))
        for rate, values in rates.items()
    ]
    turned = int(np.sum((worth > 0) != (label == 1)))
    return shown, [f"{turned:,} of {len(label):,} labels are turned."]


FIGURES = {
    "01_group_metrics": threshold,
    "02_evidence": evidence,
    "03_calibration": platt,
    "04_impossibility": impossibility,
    "05_proxies_and_individuals": similarity,
    "06_coverage": coverage,
    "08_reweighing": reweighing,
    "09_repair": repair,
    "10_representations": representation,
    "11_penalties": penalty,
    "12_reductions": price,
    "13_adversaries": adversary,
    "14_thresholds": roc_plane,
    "15_equalized_odds": mixing,
}

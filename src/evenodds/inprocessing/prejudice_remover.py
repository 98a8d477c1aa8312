"""The prejudice remover (Kamishima et al. 2012): predictions pay for what they tell of the group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted

from evenodds._validation import check_scores
from evenodds._validation.training import check_features, encode, encode_as_fitted, group_weights, weigh, with_index
from evenodds.inprocessing.logistic import FairLogistic, check_positive, two_columns
from evenodds.inprocessing.losses import Floats, mutual_information, times, total


def prejudice_index(predictions: Any, *, sensitive_features: Any, sample_weight: ArrayLike | None = None) -> float:
    """Return what predictions tell of the group: their mutual information, in nats.

    ``PI = Σ_s Σ_y P(y, s) log( P(y, s) / (P(y) P(s)) )``, with ``P(y=1, s)`` the sum of the predictions in group s
    over the number of people. It is 0 if and only if every group has the same mean prediction.

    Parameters
    ----------
    predictions : array-like, shape (n,)
        Probabilities, or decisions 0 and 1.
    sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
        Group labels; several features are crossed.
    sample_weight : array-like, shape (n,), optional
        What each person counts for.

    Returns
    -------
    float
        At least 0; at most log 2 and at most the entropy of the groups.

    Raises
    ------
    ValueError
        If a prediction is not between 0 and 1, inputs differ in length, or everyone in a group has weight 0.

    References
    ----------
    T. Kamishima, S. Akaho, H. Asoh and J. Sakuma (2012), "Fairness-aware classifier with prejudice remover
    regularizer", ECML PKDD: the indirect prejudice.

    Examples
    --------
    Of ten people, three of the five who are selected are in group "a", and one of the five who are not:

    >>> decisions, group = [1] * 5 + [0] * 5, list("aaabb" + "abbbb")
    >>> round(prejudice_index(decisions, sensitive_features=group), 4)
    0.0863
    >>> prejudice_index([0.5] * 10, sensitive_features=group)
    0.0
    """
    p = check_scores(predictions, "predictions")
    weights = weigh(sample_weight, len(p))
    given = {"predictions": with_index(predictions, p), "sample_weight": with_index(sample_weight, weights)}
    codes, groups = encode(sensitive_features, given)
    of_group = group_weights(codes, weights, groups)
    means = np.bincount(codes, weights * p, len(groups)) / of_group
    return mutual_information(means, of_group / of_group.sum())[0]


class PrejudiceRemover(FairLogistic):
    """Logistic regression with the mutual information of prediction and group as a penalty.

    Minimises ``mean log loss + η PI + ‖w‖² / (2 C n)`` where PI is the `prejudice_index` of the training people's
    probabilities.

    Parameters
    ----------
    eta : float, default 1.0
        η ≥ 0. With 0 this is scikit-learn's ``LogisticRegression``. AIF360's ``eta`` has the same scale.
    C : float, default 1.0
        Inverse strength of the ridge term, as in scikit-learn.
    fit_intercept : bool, default True
    per_group : bool, default False
        Whether each group has coefficients of its own, as in the paper and in AIF360. Then predictions need
        `sensitive_features`: the group decides with, and two people alike in everything else are treated differently.
    tol : float, default 1e-6
        Largest entry of the gradient at which a search (L-BFGS) stops.
    max_iter : int, default 1000
        Most steps of each search.

    Attributes
    ----------
    coef_ : ndarray, shape (1, d), or (groups, d) with `per_group`
    intercept_ : ndarray, shape (1,) or (groups,)
    classes_ : ndarray, shape (2,)
    groups_ : Index
    prejudice_index_ : float
        PI of the training people, in nats.
    n_iter_ : int
        Steps of L-BFGS in all.

    Notes
    -----
    The objective is not convex in w: the search starts from the regression without penalty. The intercept is not in
    the ridge term; in AIF360 it is, at C = 1. With that and `per_group` the objective is AIF360's, but not the answer:
    its search (version 0.6.1) follows a gradient that is not its objective's, and ends higher. PI weighs groups by
    their size, so a small group's gap costs little; `FairLogisticRegression` weighs groups alike.

    References
    ----------
    T. Kamishima, S. Akaho, H. Asoh and J. Sakuma (2012), "Fairness-aware classifier with prejudice remover
    regularizer", ECML PKDD.

    Examples
    --------
    >>> X, y, group = [[0.0], [1], [2], [1], [2], [3]], [0, 0, 1, 0, 1, 1], list("aaabbb")
    >>> models = [PrejudiceRemover(eta=eta).fit(X, y, sensitive_features=group) for eta in (0, 1, 10)]
    >>> [round(model.prejudice_index_, 3) for model in models]
    [0.028, 0.024, 0.006]
    """

    def __init__(
        self,
        eta: float = 1.0,
        *,
        C: float = 1.0,
        fit_intercept: bool = True,
        per_group: bool = False,
        tol: float = 1e-6,
        max_iter: int = 1000,
    ) -> None:
        self.eta = eta
        self.C = C
        self.fit_intercept = fit_intercept
        self.per_group = per_group
        self.tol = tol
        self.max_iter = max_iter

    def fit(
        self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> PrejudiceRemover:
        """Find the coefficients.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Numbers, without the sensitive columns.
        y : array-like, shape (n,)
            Two labels; the second in order, such as 1, is the favourable one.
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            Group labels; several features are crossed. With one group there is no prejudice.
        sample_weight : array-like, shape (n,), optional
            What each person counts for, in the loss and in the index.

        Raises
        ------
        ValueError
            If an option is out of range, a group has weight 0, there are not two labels, or X is not a finite table.

        Warns
        -----
        ConvergenceWarning
            If a search stops at `max_iter`.
        """
        check_positive(self.eta, "eta", 0)
        people = self._enter(X, y, sensitive_features, sample_weight)
        cells = people.cells(np.zeros_like(people.codes), 1)
        search = self._search(people, people.codes if self.per_group else None)

        def index_of(means: Floats) -> tuple[float, Floats]:
            return mutual_information(means, cells.weight)

        theta, self.n_iter_ = search.minimise_plain(people.log_loss)
        if self.eta > 0:
            penalty = cells.loss(times(self.eta, index_of))
            theta, steps = search.minimise(total(people.log_loss, penalty), theta)
            self.n_iter_ += steps
        self.coef_, self.intercept_ = search.coefficients(theta)
        self.prejudice_index_ = cells.loss(index_of)(search.design @ theta)[0]
        return self

    def decision_function(self, X: Any, *, sensitive_features: Any = None) -> Floats:
        """Return everyone's score, ``x·w + b``; `sensitive_features` only with `per_group`."""
        check_is_fitted(self)
        if not self.per_group:
            if sensitive_features is not None:
                raise ValueError("sensitive_features were given, but per_group is False: the group does not decide")
            return super().decision_function(X)
        if sensitive_features is None:
            raise ValueError("with per_group=True a prediction needs sensitive_features, as they were in fit")
        features = check_features(self, X, reset=False)
        codes = encode_as_fitted(sensitive_features, self.groups_, {"X": with_index(X, features)})
        return (features * self.coef_[codes]).sum(axis=1) + self.intercept_[codes]

    def predict_proba(self, X: Any, *, sensitive_features: Any = None) -> Floats:
        """Return the probabilities of the first and of the second class, shape (n, 2)."""
        return two_columns(self.decision_function(X, sensitive_features=sensitive_features))

    def predict(self, X: Any, *, sensitive_features: Any = None) -> NDArray[Any]:
        """Return the likelier class."""
        chosen = self.decision_function(X, sensitive_features=sensitive_features) > 0
        return self.classes_[chosen.astype(int)]

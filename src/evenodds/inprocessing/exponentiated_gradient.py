"""`ExponentiatedGradient`: a lottery over classifiers, the outcome of a game between a learner and a constraint."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.utils.validation import check_is_fitted

from evenodds._validation import check_binary, check_random_state, plain
from evenodds.inprocessing.constraints import Floats
from evenodds.inprocessing.game import Rules, play
from evenodds.inprocessing.oracle import Oracle


class ExponentiatedGradient(MetaEstimatorMixin, BaseEstimator):
    """A randomised classifier of nearly least error under a parity constraint, from any learner that weighs people.

    Two play for ``L(Q, λ) = error(Q) + λ · (γ(Q) − c)``. The learner holds a mixture Q of classifiers and wants L
    small; the other holds prices ``λ ≥ 0`` on the broken constraints, ``Σ λ ≤ B = 1 / eps``, and wants L large. For
    given prices the learner's best answer is an ordinary weighted classification problem: person i is relabelled
    ``1{s_i > 0}`` and weighs ``|s_i|``, with s_i what selecting them is worth. The game ends where neither side could
    gain more than `nu` by changing alone.

    Parameters
    ----------
    estimator : object
        A learner with ``fit(X, y, sample_weight=...)`` and ``predict(X)`` that answers 0 and 1.
    constraints : DemographicParity, EqualizedOdds, TruePositiveRateParity or FalsePositiveRateParity
        What may differ by how much; that bound is the constraint's, not `eps`.
    eps : float
        Sets the highest price B: a constraint is broken by at most ``eps · (1 + 2 · best_gap_)`` more than its bound,
        if some classifier of the learner's kind can meet it.
    max_iter : int
        Most rounds.
    nu : float, optional
        The gap at which to stop; by default half the standard error of the plain classifier's error.
    eta0 : float
        The learning rate of the multipliers, times B.
    run_linprog_step : bool
        True: each round of exponentiated gradient is followed by linear programming, which finds the saddle point
        among the classifiers found so far. False: exponentiated gradient alone, averaged over the rounds, as in the
        paper; it takes more rounds.
    sample_weight_name : str
        What the learner's `fit` calls the weights, such as "logisticregression__sample_weight" in a pipeline.

    Attributes
    ----------
    predictors_ : list
        The distinct classifiers that were found.
    weights_ : ndarray, shape (len(predictors_),)
        The mixture Q: the probability of each.
    best_gap_ : float
        The larger of what the two sides could gain, in the best round, as far as the learner can tell.
    best_iter_, last_iter_ : int
        The best round, and the last.
    nu_ : float
        The `nu` that was used.
    lambda_vec_ : Series
        The prices in the best round.
    errors_ : ndarray; gammas_, lambda_vecs_ : DataFrame, one column a predictor
        Each predictor's error and γ on the training people, and the multipliers that it answered first.
    n_oracle_calls_ : int
        How many classifiers were trained on everyone, those of a rehearsal (see Notes) not counted.
    moments_ : Moments
        The constraint on the training people.

    Notes
    -----
    Training takes nearly all of the time, so little is trained. A weighted problem that was solved before is not
    solved again. With 16,000 people or more, the game is first played with one in eight, and with everyone from the
    prices found there; `best_gap_` is everyone's. A `LogisticRegression`, alone or at the end of a pipeline, starts
    from the nearest one trained, and ends, within its tolerance, where it would have ended otherwise.

    No learner minimises weighted errors exactly; "the best answer" is the best that it gave. The guarantee holds as
    far as that.

    What is guaranteed is guaranteed on the training people, and on average over the lottery. Two people who are alike
    in all features have the same probability of decision 1, and can still be decided differently.

    References
    ----------
    A. Agarwal, A. Beygelzimer, M. Dudík, J. Langford, H. Wallach (2018), "A reductions approach to fair
    classification", ICML.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from evenodds.datasets import make_audit_lab
    >>> from evenodds.inprocessing import DemographicParity, ExponentiatedGradient
    >>> lab = make_audit_lab()
    >>> game = ExponentiatedGradient(LogisticRegression(), DemographicParity())
    >>> game = game.fit(lab.X_train, lab.y_train, sensitive_features=lab.a_train)
    >>> selected = game.predict_proba(lab.X_train)[:, 1]
    >>> bool(game.moments_.gamma(selected).max() < 0.03)
    True
    """

    def __init__(
        self,
        estimator: Any,
        constraints: Any,
        *,
        eps: float = 0.01,
        max_iter: int = 50,
        nu: float | None = None,
        eta0: float = 2.0,
        run_linprog_step: bool = True,
        sample_weight_name: str = "sample_weight",
    ) -> None:
        self.estimator = estimator
        self.constraints = constraints
        self.eps = eps
        self.max_iter = max_iter
        self.nu = nu
        self.eta0 = eta0
        self.run_linprog_step = run_linprog_step
        self.sample_weight_name = sample_weight_name

    def fit(
        self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> ExponentiatedGradient:
        """Play the game.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n, ...)
            People, as the learner takes them.
        y : array-like of 0 and 1, shape (n,)
            Their labels.
        sensitive_features : array-like, shape (n,) or (n, k)
            Their groups; several columns are crossed. Not needed to predict.
        sample_weight : array-like, shape (n,), optional
            What each person counts for. Those with weight 0 are left out.

        Raises
        ------
        ValueError
            If there are fewer than two groups, or a group lacks a label that the constraint asks for, the learner
            cannot weigh people, or the inputs are not as above.

        Warns
        -----
        UserWarning
            If the constraint is broken by more than is promised (see `eps`): nothing that the learner gave meets it.
        """
        self._check_parameters()
        oracle = Oracle.enter(
            self.estimator, self.constraints, X, y, sensitive_features, sample_weight, self.sample_weight_name, True
        )
        self.moments_ = oracle.moments
        rules = Rules(1 / self.eps, self.max_iter, self.nu, self.eta0, self.run_linprog_step)
        outcome = play(oracle, rules)
        self.weights_, self.best_gap_, self.nu_ = outcome.mixture, outcome.gap, outcome.nu
        self.best_iter_, self.last_iter_ = outcome.best_iter, outcome.last_iter
        self.lambda_vec_ = pd.Series(outcome.lam, oracle.moments.index)
        self.predictors_, self.n_oracle_calls_ = oracle.predictors, oracle.n_calls
        self.errors_ = np.array(oracle.errors)
        self.gammas_, self.lambda_vecs_ = (
            pd.DataFrame(np.column_stack(columns), oracle.moments.index) for columns in (oracle.gammas, oracle.lambdas)
        )
        self.classes_ = np.array([0, 1])
        self._warn_unmet()
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability of each decision over the lottery, shape (n, 2): of 0, and of 1."""
        check_is_fitted(self)
        drawn = np.flatnonzero(self.weights_)
        decisions = [check_binary(self.predictors_[i].predict(X), "the predictions", what="decisions") for i in drawn]
        favourable = np.clip(self.weights_[drawn] @ np.array(decisions, dtype=float), 0, 1)
        return np.column_stack([1 - favourable, favourable])

    _pmf_predict = predict_proba  # Fairlearn's name

    def predict(self, X: Any, random_state: Any = None) -> NDArray[np.int64]:
        """Draw a classifier for each person, independently, and return its decision.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n, ...)
            People.
        random_state : None, int, Generator or RandomState
            Makes the draw repeatable. Two draws differ; to evaluate the rule itself, use `predict_proba`.

        Returns
        -------
        ndarray of 0 and 1, shape (n,)
        """
        favourable = self.predict_proba(X)[:, 1]
        return (check_random_state(random_state).random(len(favourable)) < favourable).astype(np.int64)

    def _warn_unmet(self) -> None:
        broken = self.gammas_.to_numpy() @ self.weights_ - self.moments_.bound().to_numpy()
        if broken.max() > self.eps * (1 + 2 * self.best_gap_) + 1e-9:
            sign, event, group = self.gammas_.index[int(broken.argmax())]
            warnings.warn(
                f"the constraint is not met on the training people: for group {plain(group)!r} ({event}, {sign}) it is "
                f"broken by {broken.max():.3g} more than its bound. Nothing that the learner gave comes closer at the "
                f"highest price, 1 / eps = {1 / self.eps:.3g}",
                stacklevel=3,
            )

    def _check_parameters(self) -> None:
        for name in ("eps", "eta0"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be a finite number above 0")
        if self.nu is not None and not self.nu >= 0:
            raise ValueError(f"nu is {self.nu!r}; it must be at least 0, or None")
        if not isinstance(self.max_iter, int | np.integer) or self.max_iter < 1:
            raise ValueError(f"max_iter is {self.max_iter!r}; it must be a whole number of at least 1")

"""Optimized pre-processing (Calmon et al. 2017): the smallest random change of the data that makes labels fair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.optimize import linprog
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from evenodds._validation import check_binary, check_random_state, plain
from evenodds._validation.training import Floats, Integers, encode, encode_as_fitted, group_weights, weigh

Distortion = Callable[[pd.DataFrame, pd.DataFrame], Any]
_MOST_VARIABLES = 1_000_000
_LABEL = "y"
_SLACK = 1e-9


class OptimizedPreprocessing(BaseEstimator):
    """A random map of features and labels, found by a linear program.

    Features take few values; a cell is a combination z = (x, y) of features and label. Someone of group d in cell z is
    moved to cell ẑ with probability ``f(ẑ | d, z)``, which

    - minimises the total variation between data before and after, ``½ Σ_ẑ |p̂(ẑ) − p(ẑ)|``, where
      ``p̂(ẑ) = Σ_d,z p(d, z) f(ẑ | d, z)``;
    - such that the labels after are fair: ``P(ŷ | d) ≤ (1 + ε) P(ŷ | d′)`` for either label ŷ and all groups d, d′;
    - and nobody is changed too much: ``Σ_ẑ f(ẑ | d, z) δ(z, ẑ) ≤ c`` for every d and z, δ being the distortion.

    Parameters
    ----------
    epsilon : float, default 0.05
        ε, at least 0: how far ratios of the groups' rates may exceed 1.
    max_distortion : float, default 0.5
        c, at least 0: the expected distortion that anyone may suffer.
    distortion : callable, optional
        ``distortion(before, after)`` gets two DataFrames with one row per pair of cells, the features and ``"y"`` in
        their columns, and returns δ for each row: at least 0, 0 where nothing changes, infinite where a move is
        forbidden. By default δ is the number of columns that change, the label included.
    random_state : None, int, Generator or RandomState
        For the draws in `transform` and `transform_labelled`.

    Attributes
    ----------
    mapping_ : ndarray, shape (groups, cells, cells)
        f: ``mapping_[d, z]`` is the distribution of ẑ; nan where the group had nobody.
    groups_ : Index
        The groups.
    frequencies_ : ndarray, shape (groups, cells)
        p(d, z), which sums to 1.
    cells_ : DataFrame
        Features and label ``"y"`` of each cell: every combination of features in `fit`, with either label.
    objective_ : float
        The total variation, between 0 and 1.
    expected_distortion_ : float
        The mean distortion over everyone.

    Notes
    -----
    The paper allows several objectives; the one here makes the program linear, and HiGHS solves it to the optimum.
    Labels that are swapped between groups can cost no variation at all, so a second program picks, among the maps of
    least variation, one of least mean distortion. With the default distortion and c ≥ ½ there is
    always a solution, since half of everyone's label can be changed. With one group nothing changes. ε limits the
    expected rates; the drawn labels vary around them, and a model trained on them is not bound by it.

    The table needs cells with people in them: bin the features. A program has about groups × cells² unknowns.

    References
    ----------
    F. P. Calmon, D. Wei, B. Vinzamuri, K. N. Ramamurthy and K. R. Varshney (2017), "Optimized pre-processing for
    discrimination prevention", NeurIPS: discrimination between pairs of groups, expected distortion, and total
    variation.

    Examples
    --------
    >>> X = pd.DataFrame({"degree": [0, 0, 1, 1] * 10})
    >>> y = [0, 0, 0, 1] * 5 + [0, 1, 1, 1] * 5
    >>> group = ["a"] * 20 + ["b"] * 20
    >>> optimized = OptimizedPreprocessing(epsilon=0, random_state=0).fit(X, y, sensitive_features=group)
    >>> probability = optimized.transform_proba(X, y, sensitive_features=group) @ optimized.cells_["y"]
    >>> float(probability[:20].mean().round(3)), float(probability[20:].mean().round(3))
    (0.5, 0.5)
    >>> round(optimized.objective_, 3)
    0.0
    >>> X_new, y_new = optimized.transform_labelled(X, y, sensitive_features=group)
    >>> X_new.shape, y_new.shape
    ((40, 1), (40,))
    """

    def __init__(
        self,
        epsilon: float = 0.05,
        max_distortion: float = 0.5,
        distortion: Distortion | None = None,
        random_state: Any = None,
    ) -> None:
        self.epsilon = epsilon
        self.max_distortion = max_distortion
        self.distortion = distortion
        self.random_state = random_state

    def fit(
        self, X: Any, y: ArrayLike, *, sensitive_features: Any, sample_weight: ArrayLike | None = None
    ) -> OptimizedPreprocessing:
        """Solve the linear program for this table.

        Parameters
        ----------
        X : array-like, shape (n, d)
            Features with few values each, numbers or strings, without the sensitive columns.
        y : array-like of 0 and 1, shape (n,)
            Labels.
        sensitive_features : array-like, shape (n,) or (n, k); DataFrame; or dict of columns
            Group labels; several features are crossed.
        sample_weight : array-like, shape (n,), optional
            What each row counts for in p.

        Raises
        ------
        ValueError
            If no map satisfies ε and c; if there are too many cells, a group has weight 0, the distortion is not as
            described, or the input is not usable.
        """
        self._check_parameters()
        table, labels = _table(X), check_binary(y, "y")
        weights = weigh(sample_weight, len(table))
        given = {"X": table, "y": y, "sample_weight": sample_weight}
        rows, self._rows = encode(table, given, "X")
        codes, self.groups_ = encode(sensitive_features, given)
        group_weights(codes, weights, self.groups_)
        self.cells_ = self._rows.to_frame(index=False).loc[np.repeat(np.arange(len(self._rows)), 2)]
        self.cells_ = self.cells_.reset_index(drop=True).assign(**{_LABEL: [0, 1] * len(self._rows)})
        n_cells = len(self.cells_)
        flat = np.bincount(codes * n_cells + 2 * rows + labels, weights, len(self.groups_) * n_cells)
        groups, cells = np.divmod(np.flatnonzero(flat), n_cells)
        p = flat[flat > 0] / flat.sum()
        self.frequencies_ = (flat / flat.sum()).reshape(len(self.groups_), n_cells)
        _refuse_too_large(len(cells) * n_cells, len(self._rows))
        cost = _costs(self.distortion or hamming_distortion, self.cells_)[cells]
        found = _solve(p, groups, cells, cost, self.cells_[_LABEL].to_numpy(), self.epsilon, self.max_distortion)
        self.mapping_ = np.full((len(self.groups_), n_cells, n_cells), np.nan)
        self.mapping_[groups, cells] = found
        after, before = p @ found, np.bincount(cells, p, n_cells)
        self.objective_ = float(np.abs(after - before).sum() / 2)
        self.expected_distortion_ = float(p @ (found * np.where(found > 0, cost, 0)).sum(axis=1))
        return self

    def transform_proba(self, X: Any, y: ArrayLike, *, sensitive_features: Any) -> Floats:
        """Return the probability of each new cell for each row, shape (n, cells).

        Times ``cells_["y"]`` that is the probability of the favourable label after the change.

        Raises
        ------
        ValueError
            If a group, a combination of features, or a label in these was not there in `fit`.
        """
        check_is_fitted(self)
        table, labels = _table(X), check_binary(y, "y")
        rows, codes = self._encode(table, {"X": table, "y": y}, sensitive_features)
        return self._mixture(codes, rows, np.eye(2)[labels])

    def transform_labelled(self, X: Any, y: ArrayLike, *, sensitive_features: Any) -> tuple[Any, NDArray[np.int64]]:
        """Draw new features and labels, for rows whose label is known: the data to train on.

        Returns
        -------
        X_new : DataFrame or ndarray, shape (n, d)
            As X was given.
        y_new : ndarray of int, shape (n,)
        """
        cells = self._draw(self.transform_proba(X, y, sensitive_features=sensitive_features))
        return self._features(X, cells), self.cells_[_LABEL].to_numpy()[cells]

    def transform(self, X: Any, *, sensitive_features: Any) -> Any:
        """Draw new features for rows whose label is not known, such as those to predict.

        The label is averaged over as it was distributed in `fit`:
        ``f(x̂ | d, x) = Σ_y P(y | d, x) Σ_ŷ f(x̂, ŷ | d, x, y)``.

        Returns
        -------
        DataFrame or ndarray, shape (n, d)
            As X was given.

        Raises
        ------
        ValueError
            If a group, or a combination of features in it, was not there in `fit`.
        """
        check_is_fitted(self)
        table = _table(X)
        rows, codes = self._encode(table, {"X": table}, sensitive_features)
        return self._features(X, self._draw(self._mixture(codes, rows, np.ones((len(rows), 2)))))

    def _check_parameters(self) -> None:
        for name in ("epsilon", "max_distortion"):
            value = getattr(self, name)
            if not 0 <= value < np.inf:
                raise ValueError(f"{name} is {value!r}; it must be finite and at least 0")

    def _encode(self, table: pd.DataFrame, given: dict[str, Any], features: Any) -> tuple[Integers, Integers]:
        rows = encode_as_fitted(table, self._rows, given, "X")
        return rows, encode_as_fitted(features, self.groups_, given)

    def _mixture(self, codes: Integers, rows: Integers, possible: Floats) -> Floats:
        """Return the distribution of ẑ, averaged over the labels that are possible as they occurred in `fit`."""
        likely = np.stack([self.frequencies_[codes, 2 * rows + label] for label in (0, 1)], axis=1) * possible
        total = likely.sum(axis=1, keepdims=True)
        if not total.all():
            position = int(np.argmin(total))
            who = "nobody" if possible[position].all() else f"nobody with label {int(possible[position].argmax())}"
            raise ValueError(
                f"the person at position {position} is of group {plain(self.groups_[codes[position]])!r} and has "
                f"{plain(self._rows[rows[position]])!r} in X; {who} like that was there in fit. Bin the features more"
            )
        f = np.nan_to_num(self.mapping_)
        return sum((likely / total)[:, [label]] * f[codes, 2 * rows + label] for label in (0, 1))

    def _draw(self, probability: Floats) -> NDArray[np.intp]:
        """Draw one cell for each row."""
        u = check_random_state(self.random_state).random((len(probability), 1))
        return np.minimum((probability.cumsum(axis=1) <= u).sum(axis=1), probability.shape[1] - 1)

    def _features(self, X: Any, cells: NDArray[np.intp]) -> Any:
        table = self.cells_.drop(columns=_LABEL).iloc[cells]
        return table.set_axis(X.index) if isinstance(X, pd.DataFrame) else table.to_numpy()


def hamming_distortion(before: pd.DataFrame, after: pd.DataFrame) -> Floats:
    """Return how many columns change, the label included."""
    return (before.to_numpy() != after.to_numpy()).sum(axis=1).astype(float)


def _table(X: Any) -> pd.DataFrame:
    """Return X as a DataFrame with named columns, one row per person."""
    table = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X)).rename(columns="x{}".format)
    if _LABEL in table.columns:
        raise ValueError(f"X has a column called {_LABEL!r}, which is the label's name here; rename it")
    return table


def _costs(distortion: Distortion, cells: pd.DataFrame) -> Floats:
    """Return δ(z, ẑ) for every pair of cells."""
    m = len(cells)
    before, after = (cells.iloc[i.ravel()].reset_index(drop=True) for i in np.indices((m, m)))
    costs = np.asarray(distortion(before, after), dtype=float)
    if costs.shape != (m * m,):
        raise ValueError(f"distortion returned shape {costs.shape}; it must return one number for each of {m * m} rows")
    costs = costs.reshape(m, m)
    if not (costs >= 0).all():
        raise ValueError("distortion returned a negative or missing number; what a move costs is at least 0")
    if np.diag(costs).any():
        raise ValueError("distortion is not 0 where nothing changes")
    return costs


def _refuse_too_large(unknowns: int, different_rows: int) -> None:
    if unknowns > _MOST_VARIABLES:
        raise ValueError(
            f"X has {different_rows:,} different rows, which make {unknowns:,} unknowns; at most {_MOST_VARIABLES:,} "
            "are supported. Use fewer features, or bin those with many values"
        )


def _solve(
    p: Floats, groups: Integers, cells: Integers, cost: Floats, label: Integers, epsilon: float, max_distortion: float
) -> Floats:
    """Return f(ẑ | r) for every pair r of a group and a cell that has people, shape (r, ẑ).

    Unknowns are f, row by row; s(ẑ), how much less of cell ẑ there is than before; and t(ŷ), the lowest P(ŷ | d). As
    both distributions sum to 1, the total variation is the sum of s.
    """
    R, m, G = len(p), len(label), int(groups.max()) + 1
    in_group = sparse.csr_array((p / np.bincount(groups, p)[groups], (groups, np.arange(R))), (G, R))
    after = sparse.kron(p[np.newaxis, :], sparse.eye_array(m))
    rate = sparse.kron(in_group, np.stack([label == 0, label == 1]))
    lowest = sparse.kron(np.ones((G, 1)), sparse.eye_array(2))
    allowed = np.isfinite(cost)
    suffered = sparse.block_diag([row[np.newaxis, :] for row in np.where(allowed, cost, 0)])
    inequalities = sparse.block_array(
        [
            [-after, -sparse.eye_array(m), None],
            [-rate, None, lowest],
            [rate, None, -(1 + epsilon) * lowest],
            [suffered, None, None],
        ]
    )
    limits = np.concatenate([-np.bincount(cells, p, m), np.zeros(4 * G), np.full(R, max_distortion)])
    each_sums_to_1 = sparse.hstack([sparse.kron(sparse.eye_array(R), np.ones((1, m))), sparse.csr_array((R, m + 2))])
    upper = np.concatenate([allowed.ravel(), np.full(m, np.inf), np.ones(2)])
    shortfall = np.concatenate([np.zeros(R * m), np.ones(m), np.zeros(2)])
    suffering = np.concatenate([(p[:, np.newaxis] * np.where(allowed, cost, 0)).ravel(), np.zeros(m + 2)])
    bounds = np.column_stack([np.zeros_like(upper), upper])
    equal = {"A_eq": each_sums_to_1.tocsr(), "b_eq": np.ones(R), "bounds": bounds, "method": "highs"}
    solution = linprog(shortfall, A_ub=inequalities.tocsr(), b_ub=limits, **equal)
    if solution.status == 2:
        raise ValueError(
            f"no map brings the groups' rates within epsilon={epsilon} of each other while nobody suffers more than "
            f"max_distortion={max_distortion}; raise either, or make a distortion smaller"
        )
    if solution.success:
        as_good = sparse.vstack([inequalities, shortfall[np.newaxis, :]]).tocsr()
        solution = linprog(suffering, A_ub=as_good, b_ub=np.append(limits, solution.fun + _SLACK), **equal)
    if not solution.success:
        raise RuntimeError(f"the linear program was not solved: {solution.message}")
    f = np.maximum(solution.x[: R * m].reshape(R, m), 0)
    return f / f.sum(axis=1, keepdims=True)

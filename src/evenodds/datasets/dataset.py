"""The one shape in which every loader returns its data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """People, what is known of them, the label, and the groups they belong to.

    Every table has one row per person, in the same order and with the same index.

    Attributes
    ----------
    name : str
        What the data are called.
    X : DataFrame of shape (n, d)
        The features. A column of `sensitive` is never among them: to train on it, join it on purpose
        (``data.X.join(data.sensitive["sex"])``).
    y : Series of shape (n,)
        The label as recorded, 0 or 1.
    sensitive : DataFrame of shape (n, k)
        One named column per sensitive attribute; ready to pass as ``sensitive_features=``.
    label : str
        What ``y == 1`` means.
    favourable : int
        The label that is good for the person: 1 for a loan repaid, 0 for "will re-offend".
    unit : str
        What one row is.
    decision : str
        The decision that the data are about.
    source : str
        Where the data come from, and under which licence.
    description : str
        What to know before use: quirks, missing values, what was left out and why.
    truth : DataFrame, optional
        What only the simulator knows, for example the true probability and the label before it was misrecorded.
    predictions : DataFrame, optional
        Predictions that came with the data, for example COMPAS's decile score.
    sample_weight : Series, optional
        How many people a row stands for, where the publisher says so.
    train_rows, test_rows : ndarray of int, optional
        Positions of the training and the test rows, where a split is defined; see `split`.
    obtained_from : str
        Where this copy was read: ``"data_home"``, ``"EVENODDS_DATA"`` or ``"publisher"`` for the ``fetch_*``
        functions, ``"simulation"`` for the ``make_*`` functions.

    Raises
    ------
    ValueError
        If the tables have different rows, a label is not 0 or 1, or a sensitive column is also a feature.

    Examples
    --------
    >>> from evenodds.datasets import make_audit_lab
    >>> lab = make_audit_lab()
    >>> lab.X_train.shape, lab.X_test.shape
    ((1540, 3), (660, 3))
    >>> lab.y.groupby(lab.a).mean().round(3).to_dict()
    {0: 0.588, 1: 0.156}
    """

    name: str
    X: pd.DataFrame
    y: pd.Series
    sensitive: pd.DataFrame
    label: str
    favourable: int
    unit: str
    decision: str
    source: str
    description: str = ""
    truth: pd.DataFrame | None = None
    predictions: pd.DataFrame | None = None
    sample_weight: pd.Series | None = None
    train_rows: NDArray[np.intp] | None = None
    test_rows: NDArray[np.intp] | None = None
    obtained_from: str = "simulation"

    def __post_init__(self) -> None:
        for table_name, table in self._tables().items():
            if not table.index.equals(self.X.index):
                raise ValueError(
                    f"{table_name} has {len(table):,} rows and X has {len(self.X):,}, or they are in another order; "
                    f"every table of a Dataset needs the same rows in the same order."
                )
        if not self.y.isin([0, 1]).all():
            raise ValueError(f"y holds {sorted(set(self.y) - {0, 1})}; labels must be 0 or 1.")
        if self.favourable not in (0, 1):
            raise ValueError(f"favourable is {self.favourable!r}; it must be the label 0 or the label 1.")
        both = [column for column in self.sensitive if column in self.X]
        if both:
            raise ValueError(f"{both} are columns of X and of sensitive; a sensitive column must not be a feature.")

    def _tables(self) -> dict[str, pd.DataFrame | pd.Series]:
        names = ("X", "y", "sensitive", "truth", "predictions", "sample_weight")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        outcome = "favourable" if self.favourable == 1 else "unfavourable"
        lines = [
            f"Dataset {self.name!r}: {len(self):,} rows, {self.X.shape[1]} features. {self.unit}",
            f"  y = 1: {self.label} ({outcome}), {self.y.mean():.1%}" if len(self) else "  y: no rows",
        ]
        for column in self.sensitive:
            counts = self.sensitive[column].value_counts(dropna=False).sort_index().rename({np.nan: "missing"})
            lines.append(f"  {column}: " + ", ".join(f"{group} ({n:,})" for group, n in counts.items()))
        if self.train_rows is not None and self.test_rows is not None:
            lines.append(f"  split: {len(self.train_rows):,} train, {len(self.test_rows):,} test")
        return "\n".join(lines)

    @property
    def frame(self) -> pd.DataFrame:
        """Features, sensitive attributes and label side by side, for looking and plotting."""
        return pd.concat([self.X, self.sensitive, self.y], axis=1)

    @property
    def a(self) -> pd.Series:
        """The sensitive attribute, where there is exactly one."""
        if self.sensitive.shape[1] != 1:
            raise ValueError(
                f"{self.name!r} has {self.sensitive.shape[1]} sensitive attributes, {list(self.sensitive)}; "
                f'choose one by name, for example data.sensitive["{self.sensitive.columns[0]}"].'
            )
        return self.sensitive.iloc[:, 0]

    def split(self, *, test_size: float = 0.3, random_state: int | None = 0) -> Dataset:
        """Divide the rows into training and test rows, with the same share of each label in both.

        Parameters
        ----------
        test_size : float, default 0.3
            Share of the rows, between 0 and 1, that are kept for testing.
        random_state : int or None, default 0
            Seed of the shuffle.

        Returns
        -------
        Dataset
            The same data with `train_rows` and `test_rows` set: exactly the rows, in exactly the order, that
            ``sklearn.model_selection.train_test_split(..., stratify=y)`` gives for this seed.

        Examples
        --------
        >>> from evenodds.datasets import make_audit_lab
        >>> half = make_audit_lab().split(test_size=0.5, random_state=1)
        >>> len(half.train), len(half.test)
        (1100, 1100)
        """
        from sklearn.model_selection import train_test_split

        train_rows, test_rows = train_test_split(
            np.arange(len(self)), test_size=test_size, stratify=self.y, random_state=random_state
        )
        return replace(self, train_rows=train_rows, test_rows=test_rows)

    def rows(self, positions: NDArray[np.intp] | NDArray[np.bool_]) -> Dataset:
        """The same data with these rows only, by position or by a mask of booleans; it has no split."""
        chosen: dict[str, Any] = {name: table.iloc[positions] for name, table in self._tables().items()}
        return replace(self, **chosen, train_rows=None, test_rows=None)

    @property
    def train(self) -> Dataset:
        """The training rows."""
        return self.rows(self._split_rows("train"))

    @property
    def test(self) -> Dataset:
        """The test rows."""
        return self.rows(self._split_rows("test"))

    def _split_rows(self, part: str) -> NDArray[np.intp]:
        rows = getattr(self, f"{part}_rows")
        if rows is None:
            raise ValueError(f"{self.name!r} has no split yet; make one first: data = data.split(random_state=0).")
        return rows

    @property
    def X_train(self) -> pd.DataFrame:
        """Features of the training rows."""
        return self.X.iloc[self._split_rows("train")]

    @property
    def X_test(self) -> pd.DataFrame:
        """Features of the test rows."""
        return self.X.iloc[self._split_rows("test")]

    @property
    def y_train(self) -> pd.Series:
        """Labels of the training rows."""
        return self.y.iloc[self._split_rows("train")]

    @property
    def y_test(self) -> pd.Series:
        """Labels of the test rows."""
        return self.y.iloc[self._split_rows("test")]

    @property
    def a_train(self) -> pd.Series:
        """The one sensitive attribute of the training rows."""
        return self.a.iloc[self._split_rows("train")]

    @property
    def a_test(self) -> pd.Series:
        """The one sensitive attribute of the test rows."""
        return self.a.iloc[self._split_rows("test")]

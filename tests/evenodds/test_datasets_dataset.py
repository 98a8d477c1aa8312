"""The shape that all loaders share."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from evenodds.datasets import Dataset, make_audit_lab


def dataset(**changes) -> Dataset:
    n = 20
    parts = {
        "name": "toy",
        "X": pd.DataFrame({"income": np.arange(n)}),
        "y": pd.Series(np.tile([0, 1], n // 2), name="repaid"),
        "sensitive": pd.DataFrame({"sex": ["f", "m"] * (n // 2)}),
        "label": "repaid",
        "favourable": 1,
        "unit": "One row is one person.",
        "decision": "Who gets a loan.",
        "source": "invented",
    }
    return Dataset(**(parts | changes))


def test_frame_holds_features_groups_and_label():
    assert list(dataset().frame) == ["income", "sex", "repaid"]


def test_split_gives_the_rows_of_train_test_split_in_its_order():
    data = dataset()
    X_train, X_test, y_train, y_test, a_train, a_test = train_test_split(
        data.X, data.y, data.sensitive["sex"], test_size=0.4, stratify=data.y, random_state=5
    )
    ours = data.split(test_size=0.4, random_state=5)
    for mine, theirs in [
        (ours.X_train, X_train),
        (ours.X_test, X_test),
        (ours.y_train, y_train),
        (ours.y_test, y_test),
        (ours.a_train, a_train),
        (ours.a_test, a_test),
    ]:
        assert mine.equals(theirs)


def test_train_and_test_are_datasets_with_every_table_cut_alike():
    lab = make_audit_lab()
    for part, X, y in [(lab.train, lab.X_train, lab.y_train), (lab.test, lab.X_test, lab.y_test)]:
        assert part.X.equals(X)
        assert part.y.equals(y)
        assert part.truth.index.equals(X.index)
        assert part.sensitive.index.equals(X.index)
    assert len(lab.train) + len(lab.test) == len(lab)


def test_rows_accepts_a_mask():
    data = dataset()
    women = data.rows((data.sensitive["sex"] == "f").to_numpy())
    assert len(women) == 10
    assert set(women.y) == {0}


def test_splitting_leaves_the_original_alone():
    data = dataset()
    data.split()
    with pytest.raises(ValueError, match="no split yet"):
        _ = data.X_train


def test_repr_says_what_a_reader_asks_first():
    text = repr(dataset().split())
    for words in (
        "'toy'",
        "20 rows",
        "1 features",
        "repaid (favourable), 50.0%",
        "f (10), m (10)",
        "14 train, 6 test",
    ):
        assert words in text
    assert "(unfavourable)" in repr(dataset(favourable=0))


def test_a_is_refused_when_there_are_two_attributes():
    data = dataset(sensitive=pd.DataFrame({"sex": ["f", "m"] * 10, "age": ["old"] * 20}))
    with pytest.raises(ValueError, match=r"2 sensitive attributes.*sex.*age"):
        _ = data.a


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": pd.Series([0, 1])}, "y has 2 rows and X has 20"),
        ({"y": pd.Series([0, 2] * 10)}, r"\[2\]; labels must be 0 or 1"),
        ({"y": pd.Series([0, np.nan] * 10)}, "labels must be 0 or 1"),
        ({"favourable": 2}, "favourable is 2"),
        ({"sensitive": pd.DataFrame({"income": range(20)})}, r"\['income'\] are columns of X and of sensitive"),
        ({"truth": pd.DataFrame({"p": range(20)}, index=range(20, 0, -1))}, "truth has 20 rows"),
    ],
)
def test_inconsistent_tables_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataset(**change)

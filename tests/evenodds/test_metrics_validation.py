"""What may be passed in, and what is refused with which words."""

import re

import numpy as np
import pandas as pd
import pytest

from evenodds._validation import (
    check_binary,
    check_column,
    check_groups,
    check_random_state,
    check_same_people,
    check_scores,
    check_weights,
)


@pytest.mark.parametrize(
    "given",
    [
        [0, 1, 1],
        (0, 1, 1),
        [False, True, True],
        [0.0, 1.0, 1.0],
        np.array([0, 1, 1], dtype=np.int8),
        np.array([[0], [1], [1]]),
        np.array([0, 1, 1], dtype=object),
        pd.Series([0, 1, 1], index=[7, 7, 3]),
        pd.Series([0, 1, 1], dtype="Int64"),
        pd.Series([0, 1, 1], dtype="boolean"),
        pd.Series([0, 1, 1], dtype="Float64"),
        pd.Series([0, 1, 1], dtype="category"),
        pd.DataFrame({"y": [0, 1, 1]}),
        pd.Index([0, 1, 1]),
    ],
    ids=repr,
)
def test_zeros_and_ones_may_come_in_any_type(given):
    result = check_binary(given, "y_true")
    assert result.dtype == np.uint8
    assert result.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([0, 1, 2], "y_pred holds 2 at position 2; decisions must be 0 or 1. Recode them"),
        ([-1, 1], "y_pred holds -1 at position 0"),
        ([0, 1, 1, 0, 0.73], "y_pred holds 0.73 at position 4; decisions must be 0 or 1. Threshold the scores first"),
        (["1", "0"], "y_pred holds '1' at position 0"),
        (["yes", "no"], "y_pred holds 'yes' at position 0"),
        ([0, "1"], "y_pred holds '1' at position 1"),
        ([0, 1, np.nan], "y_pred is missing (nan) at position 2"),
        ([0, None, 1], "y_pred is missing (None) at position 1"),
        (pd.Series([1, None], dtype="Int64"), "y_pred is missing (nan) at position 1"),
        (pd.Series([True, None], dtype="boolean"), "y_pred is missing (<NA>) at position 1"),
        ([0, np.inf], "y_pred holds inf at position 1"),
        ([], "y_pred is empty"),
        (None, "y_pred is None"),
        (1, "y_pred is a single int"),
        ("0110", "y_pred is a single str"),
        ([[0, 1], [1, 0]], "y_pred has shape (2, 2); it must be 1-D"),
        (np.zeros((3, 1, 1)), "y_pred has shape (3, 1, 1)"),
        ([[0], [1, 0]], "y_pred has rows of different lengths"),
        ([1 + 0j, 2], "y_pred holds 2 at position 1"),
    ],
    ids=repr,
)
def test_a_decision_that_is_neither_0_nor_1_is_refused_with_its_value_and_position(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check_binary(given, "y_pred", "decisions")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1, -0.5], "sample_weight holds -0.5 at position 1; weights must be finite and not negative"),
        ([1, np.inf], "sample_weight holds inf at position 1"),
        ([np.nan, 1], "sample_weight is missing (nan) at position 0"),
        ([0, 0], "sample_weight is zero for everyone"),
        (["heavy", "light"], "sample_weight holds 'heavy' at position 0; it must hold numbers"),
        (["1", "2"], "sample_weight holds '1' at position 0; it must hold numbers"),
        (np.array([1, "light"], dtype=object), "sample_weight holds 'light' at position 1"),
        ([[1, 2], [3, 4]], "sample_weight has shape (2, 2)"),
    ],
    ids=repr,
)
def test_weights_that_cannot_be_weights_are_refused(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check_weights(given)


@pytest.mark.parametrize("given", [[-0.1, 0.5], [0.5, 1.1], [0.5, np.nan]], ids=repr)
def test_scores_outside_0_to_1_are_refused(given):
    with pytest.raises(ValueError, match="y_score"):
        check_scores(given)


GROUP_COLUMNS = {
    "list of strings": ["b", "a", "b", "c"],
    "tuple": ("b", "a", "b", "c"),
    "array of strings": np.array(["b", "a", "b", "c"]),
    "array of wide strings": np.array(["b", "a", "b", "c"], dtype="U40"),
    "array of bytes-swapped strings": np.array(["b", "a", "b", "c"]).astype(">U1"),
    "array of objects": np.array(["b", "a", "b", "c"], dtype=object),
    "column vector": np.array([["b"], ["a"], ["b"], ["c"]]),
    "Series": pd.Series(["b", "a", "b", "c"], index=[3, 3, 1, 0]),
    "Categorical with unused and unsorted levels": pd.Categorical(["b", "a", "b", "c"], ["z", "c", "a", "b"]),
    "Series of categories": pd.Series(["b", "a", "b", "c"], dtype="category"),
    "ordered Categorical": pd.Categorical(["b", "a", "b", "c"], ["c", "b", "a"], ordered=True),
    "Index": pd.Index(["b", "a", "b", "c"]),
    "dict": {"sensitive_feature_0": ["b", "a", "b", "c"]},
    "DataFrame": pd.DataFrame({"sensitive_feature_0": ["b", "a", "b", "c"]}),
    "list of one column": [["b", "a", "b", "c"]],
}


@pytest.mark.parametrize("given", GROUP_COLUMNS.values(), ids=GROUP_COLUMNS)
def test_groups_may_come_in_any_container(given):
    groups = check_groups(given)
    assert groups.codes.tolist() == [1, 0, 1, 2]
    assert groups.index.tolist() == ["a", "b", "c"]
    assert groups.index.name == "sensitive_feature_0"
    assert groups.sizes.tolist() == [1, 2, 1]


@pytest.mark.parametrize(
    "labels",
    [
        [5, -3, 5, 12],
        [True, False, True, True],
        [True, True],
        [2**62, 1, 2**62],
        [-(2**63), 2**63 - 1],
        [1.5, -0.5, 1.5],
        ["ab", "a", "abc", "", "a"],
        ["a\x00b", "a", "a\x00b"],
        ["é", "中文", "😀", "é"],
        ["x" * 40 + "1", "x" * 40 + "2", "y"],
        [1, "one", 1],
        [pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-01")],
    ],
    ids=repr,
)
def test_every_label_keeps_its_people(labels):
    for given in (labels, np.array(labels, dtype=object), pd.Series(labels), pd.Categorical(labels)):
        groups = check_groups(given)
        assert [groups.label(code) for code in groups.codes] == list(labels)
        assert groups.n_groups == len(set(labels))


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", ">i4", "f4", "f8"])
def test_numbers_as_labels_survive_the_extremes_of_their_type(dtype):
    info = np.iinfo(dtype) if np.dtype(dtype).kind in "iu" else np.finfo(dtype)
    for extreme in ([info.max, info.min, 1, info.max], [info.max, info.max - 1], [info.min + 1, info.min]):
        labels = np.array(extreme, dtype=dtype)
        groups = check_groups(labels)
        assert [groups.label(code) for code in groups.codes] == labels.tolist()


def test_fixed_width_strings_are_told_apart_by_every_character():
    rng = np.random.default_rng(0)
    letters = rng.choice(list("abcß😀"), size=(500, 30))
    labels = np.array(["".join(row[: rng.integers(31)]) for row in letters])
    groups = check_groups(labels)
    assert [groups.label(code) for code in groups.codes] == labels.tolist()
    assert groups.index.tolist() == sorted(set(labels.tolist()))


def test_two_features_cross_into_all_combinations_of_their_levels():
    groups = check_groups(pd.DataFrame({"sex": ["F", "M", "F"], "age": [1, 1, 2]}))
    expected = pd.MultiIndex.from_tuples([("F", 1), ("F", 2), ("M", 1), ("M", 2)], names=["sex", "age"])
    pd.testing.assert_index_equal(groups.index, expected)
    assert groups.codes.tolist() == [0, 2, 1]
    assert groups.sizes.tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize(
    "given",
    [
        pd.DataFrame({"sex": ["F", "M", "F"], "age": [1, 1, 2]}),
        {"sex": ["F", "M", "F"], "age": np.array([1, 1, 2])},
        [pd.Series(["F", "M", "F"], name="sex"), pd.Series([1, 1, 2], name="age")],
    ],
    ids=["DataFrame", "dict", "list of Series"],
)
def test_several_features_may_come_in_any_container(given):
    groups = check_groups(given)
    assert groups.names == ("sex", "age")
    assert [groups.label(code) for code in groups.codes] == [("F", 1), ("M", 1), ("F", 2)]


@pytest.mark.parametrize(
    "given",
    [np.array([["F", 1], ["M", 1], ["F", 2]], dtype=object), [["F", "M", "F"], [1, 1, 2]]],
    ids=["2-D array", "list of columns"],
)
def test_features_without_names_are_numbered(given):
    groups = check_groups(given, "control_features")
    assert groups.names == ("control_feature_0", "control_feature_1")
    assert [groups.label(code) for code in groups.codes] == [("F", 1), ("M", 1), ("F", 2)]


def test_many_small_features_do_not_overflow_the_codes():
    rng = np.random.default_rng(1)
    columns = {f"f{i}": rng.integers(0, 10, 400) for i in range(6)}
    groups = check_groups(columns)
    assert groups.n_groups == 10**6
    people = zip(*(column.tolist() for column in columns.values()), strict=True)
    assert [groups.label(code) for code in groups.codes] == list(people)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["a", None, "b"], "sensitive_features 'sensitive_feature_0' is missing at position 1; everyone needs"),
        (np.array([1.0, np.nan]), "is missing at position 1"),
        (pd.Series(["a", pd.NA], name="sex"), "sensitive_features 'sex' is missing at position 1"),
        (pd.Series([1, None], dtype="Int64"), "is missing at position 1"),
        (pd.Categorical(["a", None]), "is missing at position 1"),
        ({"sex": ["a", "b"], "age": [1, np.nan]}, "sensitive_features 'age' is missing at position 1"),
        ([], "is empty"),
        (pd.Categorical([]), "is empty"),
        ({}, "sensitive_features has no columns"),
        (pd.DataFrame(index=[1, 2]), "sensitive_features has no columns"),
        (None, "sensitive_features is None"),
        ("male", "sensitive_features is a single str"),
        ({"sex": "male"}, "sensitive_features 'sex' is a single str"),
        ({"sex": ["a", "b"], "age": [1]}, "sensitive_features 'age' has 1 entries but sensitive_features 'sex' has 2"),
        (pd.Series(["a", "b"], name=0), "sensitive_features has a feature called 0; names must be strings"),
        (pd.DataFrame({1: ["a", "b"]}), "sensitive_features has a feature called 1"),
        ([pd.Series([1], name="s"), pd.Series([2], name="s")], "two features are called 's'"),
        ([("F", 1), ("M", 2)], "holds tuples such as ('F', 1)"),
        (np.zeros((2, 2, 2)), "sensitive_features has shape (2, 2, 2)"),
        ([{"a"}, {"b"}], "holds something that cannot be a label"),
        ({f"f{i}": range(100) for i in range(4)}, "the features cross into 100,000,000 groups"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_groups_that_cannot_be_groups_are_refused(given, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check_groups(given)


def test_a_group_is_found_by_its_label():
    groups = check_groups({"sex": ["F", "M", "F"], "age": [1, 1, 2]})
    assert groups.position(("F", 2), "privileged") == 1


@pytest.mark.parametrize("label", ["F", ("F",), ("F", 3), ("M", 2), ["F", 1], None])
def test_an_unknown_or_empty_group_is_refused_with_a_list_of_those_there_are(label):
    groups = check_groups({"sex": ["F", "M", "F"], "age": [1, 1, 2]})
    message = f"privileged is {label!r}, which is not one of the groups: ('F', 1), ('F', 2), ('M', 1)"
    with pytest.raises(ValueError, match=re.escape(message)):
        groups.position(label, "privileged")


def test_different_lengths_are_refused_naming_both_inputs():
    with pytest.raises(ValueError, match="y_pred has 2 entries but y_true has 3; every input needs one"):
        check_same_people({"y_true": [0, 1, 1], "y_pred": [0, 1]})


def test_reordered_indexes_are_refused_because_rows_would_be_matched_wrongly():
    y_true = pd.Series([0, 1, 1], index=["ann", "bob", "eve"])
    group = y_true.loc[["eve", "ann", "bob"]]
    for between in ([0, 1, 1], pd.Series([0, 1, 1], index=["x", "y", "z"])):
        with pytest.raises(ValueError, match=re.escape("group.loc[y_true.index]")):
            check_same_people({"y_true": y_true, "y_pred": between, "group": group})


def test_long_indexes_are_compared_in_full():
    rng = np.random.default_rng(0)
    y_true = pd.Series(range(1000), index=rng.permutation(1000))
    with pytest.raises(ValueError, match="same index labels in a different order"):
        check_same_people({"y_true": y_true, "y_pred": pd.Series(range(1000))})
    y_true.index = y_true.index.where(y_true.index != 777, 1000)
    check_same_people({"y_true": y_true, "y_pred": pd.Series(range(1000))})


@pytest.mark.parametrize("index", [[0, 1, 2], [5, 6, 7], [0, 1, 9], ["a", "b", "c"]], ids=repr)
def test_other_indexes_are_matched_by_position(index):
    check_same_people({"y_true": pd.Series([0, 1, 1]), "y_pred": pd.Series([0, 1, 1], index=index)})


def test_a_shared_index_may_repeat_labels():
    y_true = pd.Series([0, 1, 1], index=[4, 4, 2])
    check_same_people({"y_true": y_true, "y_pred": y_true.copy(), "weights": None})


def test_a_random_state_may_be_a_seed_a_generator_or_nothing():
    assert check_random_state(3).random() == check_random_state(np.random.default_rng(3)).random()
    first, second = (check_random_state(np.random.RandomState(3)).random() for _ in range(2))
    assert first == second
    assert check_random_state(None).random() != check_random_state(None).random()


@pytest.mark.parametrize("random_state", ["seed", -1, 1.5])
def test_other_random_states_are_refused(random_state):
    with pytest.raises(ValueError, match="random_state is"):
        check_random_state(random_state)


def test_a_column_is_returned_as_it_is_when_nothing_is_wrong():
    values = np.array([0.5, 2.0])
    assert check_column(values, "x") is values

"""COMPAS and Berkeley counts against the figures that their publishers printed."""

import pytest

from evenodds.datasets import berkeley_admissions, compas_counts


def compas_cells(filtered: bool = False):
    return compas_counts(filtered=filtered).pivot(index="race", columns="cell", values="n")


def percent(share: float) -> float:
    return round(100 * share, 2)


@pytest.mark.parametrize(("filtered", "total"), [(False, 7214), (True, 6172)])
def test_compas_counts_sum_to_the_published_rows(filtered, total):
    assert compas_counts(filtered=filtered)["n"].sum() == total


@pytest.mark.parametrize(
    ("filtered", "race", "n"),
    [
        (False, "Black", 3696),
        (False, "White", 2454),
        (False, "Other", 7214 - 3696 - 2454),
        (True, "Black", 3175),
        (True, "White", 2103),
        (True, "Other", 509 + 343 + 31 + 11),
    ],
)
def test_compas_groups_have_their_published_sizes(filtered, race, n):
    assert compas_cells(filtered).loc[race].sum() == n


@pytest.mark.parametrize(
    ("race", "fpr", "fnr", "ppv", "npv"),
    [("Black", 44.85, 27.99, 0.63, 0.65), ("White", 23.45, 47.72, 0.59, 0.71)],
)
def test_compas_error_rates_are_the_printed_ones(race, fpr, fnr, ppv, npv):
    cell = compas_cells().loc[race]
    assert percent(cell["FP"] / (cell["FP"] + cell["TN"])) == fpr
    assert percent(cell["FN"] / (cell["FN"] + cell["TP"])) == fnr
    assert round(cell["TP"] / (cell["TP"] + cell["FP"]), 2) == ppv
    assert round(cell["TN"] / (cell["TN"] + cell["FN"]), 2) == npv


def test_compas_error_rates_of_everyone_are_the_printed_ones():
    cell = compas_cells().sum()
    assert percent(cell["FP"] / (cell["FP"] + cell["TN"])) == 32.35
    assert percent(cell["FN"] / (cell["FN"] + cell["TP"])) == 37.40


def test_compas_filtered_recidivists_are_the_published_2809():
    assert compas_counts(filtered=True).query("y_true == 1")["n"].sum() == 2809


def test_compas_cells_are_named_by_their_labels():
    counts = compas_counts().set_index("cell")[["y_true", "y_pred"]].drop_duplicates()
    assert {cell: tuple(row) for cell, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)} == {
        "TN": (0, 0),
        "FP": (0, 1),
        "FN": (1, 0),
        "TP": (1, 1),
    }


@pytest.mark.parametrize("table", [compas_counts, berkeley_admissions])
def test_expanding_counts_one_row_per_person(table):
    counts, people = table(), table(expand=True)
    keys = [column for column in counts if column != "n"]
    assert list(people) == keys
    assert people.value_counts(keys).to_dict() == counts.set_index(keys)["n"].to_dict()
    assert people.index.tolist() == list(range(counts["n"].sum()))


def test_each_table_says_which_label_is_favourable():
    for expand in (False, True):
        assert compas_counts(expand=expand).attrs["favourable"] == 0
        assert berkeley_admissions(expand=expand).attrs["favourable"] == 1


def test_a_changed_table_does_not_change_the_next_one():
    counts = compas_counts()
    counts["n"] = 0
    counts.attrs["favourable"] = 1
    assert compas_counts()["n"].sum() == 7214
    assert compas_counts().attrs["favourable"] == 0


@pytest.mark.parametrize(("gender", "applied", "admitted"), [("men", 2691, 1198), ("women", 1835, 557)])
def test_berkeley_totals_are_the_published_ones(gender, applied, admitted):
    rows = berkeley_admissions().query("gender == @gender")
    assert rows["n"].sum() == applied
    assert rows.query("admitted == 1")["n"].sum() == admitted


@pytest.mark.parametrize(
    ("department", "men", "women"),
    [("A", 62, 82), ("B", 63, 68), ("C", 37, 34), ("D", 33, 35), ("E", 28, 24), ("F", 6, 7)],
)
def test_berkeley_departments_admit_the_textbook_per_cent(department, men, women):
    rates = berkeley_admissions(expand=True).groupby(["department", "gender"])["admitted"].mean()
    assert round(100 * rates[department, "men"]) == men
    assert round(100 * rates[department, "women"]) == women

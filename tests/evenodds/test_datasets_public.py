"""The public data sets as loaded, against figures that publishers, papers and textbooks printed."""

import csv
import gzip
import hashlib
import io

import numpy as np
import pandas as pd
import pytest

from evenodds.datasets import compas_counts, fetch_adult, fetch_bank, fetch_compas, fetch_german

pytestmark = pytest.mark.usefixtures("public_data")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An empty data_home, so that the files come from EVENODDS_DATA."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def adult(home):
    return fetch_adult(data_home=home, download=False)


@pytest.fixture(scope="module")
def compas(home):
    return {
        (violent, filtered): fetch_compas(violent=violent, filtered=filtered, data_home=home, download=False)
        for violent in (False, True)
        for filtered in (False, True)
    }


@pytest.fixture(scope="module")
def bank(home):
    return {version: fetch_bank(version=version, data_home=home, download=False) for version in ("full", "additional")}


@pytest.fixture(scope="module")
def german(home):
    return fetch_german(data_home=home, download=False)


def positives(y, groups) -> dict:
    """Per group: how many of how many have y = 1."""
    table = y.groupby(groups).agg(["sum", "size"])
    return {group: tuple(row) for group, row in zip(table.index, table.to_numpy().tolist(), strict=True)}


def missing(X) -> dict:
    return {column: n for column, n in X.isna().sum().items() if n}


class TestEveryFetcher:
    @pytest.fixture(params=["adult", "compas", "compas filtered", "violent", "bank", "additional", "german"])
    def data(self, request, adult, compas, bank, german):
        return {
            "adult": adult,
            "compas": compas[False, False],
            "compas filtered": compas[False, True],
            "violent": compas[True, False],
            "bank": bank["full"],
            "additional": bank["additional"],
            "german": german,
        }[request.param]

    def test_rows_are_numbered_from_zero(self, data):
        assert data.X.index.equals(pd.RangeIndex(len(data)))

    def test_text_is_stripped_and_never_empty(self, data):
        text = data.frame.select_dtypes(exclude="number")
        for column in text:
            values = text[column].dropna().unique()
            assert all(value and value == value.strip() for value in values), column
            assert not {"?", "unknown", "nan"} & set(values), column

    def test_it_says_what_it_is(self, data):
        assert data.obtained_from == "EVENODDS_DATA"
        for text in (data.name, data.label, data.unit, data.decision, data.source, data.description):
            assert text
        assert data.y.dtype.kind == "i"


class TestAdult:
    def test_rows_and_official_split(self, adult):
        assert (len(adult), len(adult.X_train), len(adult.X_test)) == (48_842, 32_561, 16_281)

    def test_positive_rates_are_the_printed_ones(self, adult):
        complete = adult.X.notna().all(axis=1)
        assert round(100 * adult.y.mean(), 2) == 23.93
        assert round(100 * adult.y[complete].mean(), 2) == 24.78
        assert (complete[adult.train_rows].sum(), complete[adult.test_rows].sum()) == (30_162, 15_060)
        assert (adult.y_train.sum(), adult.y_test.sum()) == (7_841, 3_846)

    def test_question_marks_are_missing(self, adult):
        assert missing(adult.X_train) == {"workclass": 1836, "occupation": 1843, "native-country": 583}
        assert missing(adult.X_test) == {"workclass": 963, "occupation": 966, "native-country": 274}
        assert adult.X_train.isna().any(axis=1).sum() == 2399
        assert adult.X_test.isna().any(axis=1).sum() == 1221

    def test_income_by_sex_and_race(self, adult):
        train, test = adult.train, adult.test
        assert positives(train.y, train.sensitive["sex"]) == {"Female": (1179, 10771), "Male": (6662, 21790)}
        assert positives(test.y, test.sensitive["sex"]) == {"Female": (590, 5421), "Male": (3256, 10860)}
        assert positives(train.y, train.sensitive["race"]) == {
            "White": (7117, 27816),
            "Black": (387, 3124),
            "Asian-Pac-Islander": (276, 1039),
            "Amer-Indian-Eskimo": (36, 311),
            "Other": (25, 271),
        }

    def test_income_by_sex_within_race(self, adult):
        train = adult.train
        rates = train.y.groupby([train.sensitive["race"], train.sensitive["sex"]]).mean().round(6)
        assert rates["Black"].to_dict() == {"Female": 0.057878, "Male": 0.189293}
        assert rates["White"].to_dict() == {"Female": 0.118954, "Male": 0.317565}

    def test_features_of_the_training_rows(self, adult):
        X, sex = adult.X_train, adult.train.sensitive["sex"]
        assert (X["capital-gain"] == 99999).sum() == 159
        assert (X["hours-per-week"] == 99).sum() == 85
        assert (X["age"].min(), X["age"].max()) == (17, 90)
        assert (X["native-country"] == "Holand-Netherlands").sum() == 1
        assert sex[X["relationship"] == "Husband"].value_counts().to_dict() == {"Male": 13_192, "Female": 1}
        assert sex[X["relationship"] == "Wife"].value_counts().to_dict() == {"Female": 1_566, "Male": 2}
        assert len(X[["education", "education-num"]].drop_duplicates()) == 16
        assert X["education"].nunique() == X["education-num"].nunique() == 16

    def test_duplicate_rows(self, adult):
        for part, n in ((adult.train, 24), (adult.test, 5)):
            assert part.frame.assign(fnlwgt=part.sample_weight).duplicated().sum() == n

    def test_the_survey_weight_is_no_feature(self, adult):
        assert "fnlwgt" not in adult.X
        assert adult.sample_weight.min() > 0
        assert list(adult.sensitive) == ["sex", "race"]
        assert not {"sex", "race"} & set(adult.X)


# Per file (violent or not): intercept, Female, >45, <25, African-American, Asian, Hispanic, Native American, Other,
# priors, misdemeanour, recidivist; and the residual deviance.
PROPUBLICAS_REGRESSION = {
    False: (
        "-1.52554 0.22127 -1.35563 1.30839 0.47721 -0.25441 -0.42839 1.39421 -0.82635 0.26895 -0.31124 0.68586",
        6168.4,
    ),
    True: (
        "-2.24274 -0.72890 -1.74208 3.14591 0.65893 -0.98521 -0.06416 0.44793 -0.20543 0.13764 -0.16367 0.93448",
        2998.8,
    ),
}


def cells(compas, race=None) -> list[int]:
    """Low and survived, low and recidivated, high and survived, high and recidivated: ProPublica's order."""
    people = pd.DataFrame({"y": compas.y, "high": compas.predictions["high_risk"]})
    if race:
        people = people[compas.sensitive["race"] == race]
    return [int(((people["y"] == y) & (people["high"] == high)).sum()) for high in (0, 1) for y in (0, 1)]


def logistic_regression(X: pd.DataFrame, y: pd.Series) -> tuple[pd.Series, float]:
    """Coefficients and residual deviance of an unpenalised fit, by Newton's method."""
    A = np.column_stack([np.ones(len(X)), X.to_numpy(float)])
    beta = np.zeros(A.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-A @ beta))
        beta += np.linalg.solve((A.T * (p * (1 - p))) @ A, A.T @ (y - p))
    deviance = -2 * np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))
    return pd.Series(beta, index=["intercept", *X]), float(deviance)


class TestCompas:
    @pytest.mark.parametrize(
        ("violent", "filtered", "n"),
        [(False, False, 7214), (False, True, 6172), (True, False, 4743), (True, True, 4020)],
    )
    def test_rows(self, compas, violent, filtered, n):
        assert len(compas[violent, filtered]) == n

    def test_the_ones_are_unfavourable(self, compas):
        assert all(data.favourable == 0 for data in compas.values())

    def test_races_after_the_filter_are_the_published_ones(self, compas):
        assert compas[False, True].sensitive["race"].value_counts().to_dict() == {
            "African-American": 3175,
            "Caucasian": 2103,
            "Hispanic": 509,
            "Other": 343,
            "Asian": 31,
            "Native American": 11,
        }
        assert compas[False, True].y.sum() == 2809

    @pytest.mark.parametrize(
        ("filtered", "race", "expected"),
        [
            (False, None, [2681, 1216, 1282, 2035]),
            (False, "African-American", [990, 532, 805, 1369]),
            (False, "Caucasian", [1139, 461, 349, 505]),
            (True, None, [2345, 1076, 1018, 1733]),
            (True, "African-American", [873, 473, 641, 1188]),
            (True, "Caucasian", [999, 408, 282, 414]),
        ],
    )
    def test_two_by_two_tables_are_the_published_ones(self, compas, filtered, race, expected):
        assert cells(compas[False, filtered], race) == expected

    def test_violent_two_by_two_table(self, compas):
        assert cells(compas[True, False]) == [3029, 360, 939, 415]

    @pytest.mark.parametrize("filtered", [False, True])
    def test_the_embedded_counts_are_those_of_the_file(self, compas, filtered):
        data = compas[False, filtered]
        people = pd.DataFrame(
            {
                "race": data.sensitive["race"].map({"African-American": "Black", "Caucasian": "White"}).fillna("Other"),
                "y_true": data.y,
                "y_pred": data.predictions["high_risk"],
            }
        )
        embedded = compas_counts(filtered=filtered).set_index(["race", "y_true", "y_pred"])["n"]
        assert people.value_counts().to_dict() == embedded.to_dict()

    def test_high_risk_means_medium_or_high(self, compas):
        for data in compas.values():
            scores = data.predictions
            assert (scores["high_risk"] == scores["score_text"].isin(["Medium", "High"])).all()
            assert scores["decile_score"].between(1, 10).all()

    @pytest.mark.parametrize("violent", [False, True])
    def test_propublicas_regression_comes_out(self, compas, violent):
        coefficients, deviance = PROPUBLICAS_REGRESSION[violent]
        data = compas[violent, True]
        sensitive = data.sensitive
        X = pd.DataFrame(
            {
                "Female": sensitive["sex"] == "Female",
                ">45": sensitive["age_cat"] == "Greater than 45",
                "<25": sensitive["age_cat"] == "Less than 25",
                **{
                    race: sensitive["race"] == race
                    for race in ("African-American", "Asian", "Hispanic", "Native American", "Other")
                },
                "priors": data.X["priors_count"],
                "M": data.X["c_charge_degree"] == "M",
                "recid": data.y,
            }
        )
        fitted, residual = logistic_regression(X, data.predictions["high_risk"])
        assert fitted.to_numpy() == pytest.approx(np.array(coefficients.split(), float), abs=6e-6)
        assert residual == pytest.approx(deviance, abs=0.051)

    def test_only_the_columns_that_are_named_survive(self, compas):
        for data in compas.values():
            assert list(data.frame) == [
                *["age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count", "c_charge_degree"],
                *["race", "sex", "age_cat", "two_year_recid"],
            ]
            assert list(data.predictions) == ["decile_score", "score_text", "high_risk"]
            assert (data.truth, data.sample_weight) == (None, None)

    @pytest.mark.parametrize("violent", [False, True])
    def test_no_value_that_identifies_a_person_survives(self, compas, public_data, violent):
        identifying = ("name", "first", "last", "dob", "c_case_number", "r_case_number", "vr_case_number")
        file = "compas-scores-two-years-violent.csv" if violent else "compas-scores-two-years.csv"
        plain, packed = public_data / "compas" / file, public_data / "compas" / f"{file}.gz"
        content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        secrets = {row[column].casefold() for row in rows for column in identifying} - {""}
        data = compas[violent, False]
        everything = pd.concat([data.frame, data.predictions], axis=1).astype(str)
        kept = {value.casefold() for column in everything for value in everything[column].unique()}
        assert len(secrets) > 1000
        assert not kept & secrets
        shown = repr(data).casefold()
        assert not [secret for secret in secrets if len(secret) > 8 and secret in shown]

    def test_an_error_about_a_damaged_file_names_nobody(self, tmp_path):
        folder = tmp_path / "compas"
        folder.mkdir()
        content = b"id,name,first,last,dob,age\r\n1,jo invented,jo,invented,1970-01-01,notanumber\r\n"
        (folder / "compas-scores-two-years.csv").write_bytes(content)
        with pytest.raises(OSError, match=hashlib.sha256(content).hexdigest()) as error:
            fetch_compas(data_home=tmp_path)
        assert "invented" not in str(error.value)
        assert "1970" not in str(error.value)


class TestBank:
    @pytest.mark.parametrize(
        ("version", "rows", "yes", "features"),
        [("full", 45_211, 5_289, 14), ("additional", 41_188, 4_640, 18)],
    )
    def test_rows_and_labels(self, bank, version, rows, yes, features):
        data = bank[version]
        assert (len(data), data.y.sum(), data.X.shape[1]) == (rows, yes, features)

    def test_marital_status(self, bank):
        full, additional = bank["full"], bank["additional"]
        assert positives(full.y, full.sensitive["marital"]) == {
            "divorced": (622, 5207),
            "married": (2755, 27214),
            "single": (1912, 12790),
        }
        assert positives(additional.y, additional.sensitive["marital"].fillna("(missing)")) == {
            "divorced": (476, 4612),
            "married": (2532, 24928),
            "single": (1620, 11568),
            "(missing)": (12, 80),
        }

    @pytest.mark.parametrize(
        ("version", "young", "middle", "total"),
        [
            ("full", (207, 809), (4482, 42618), (5289, 45211)),
            ("additional", (256, 1068), (3912, 38927), (4640, 41188)),
        ],
    )
    def test_age_groups(self, bank, version, young, middle, total):
        data = bank[version]
        groups = positives(data.y, data.sensitive["age_group"])
        assert (groups["under 25"], groups["25 to 59"]) == (young, middle)
        assert tuple(np.sum(list(groups.values()), axis=0)) == total

    def test_unknown_and_never_contacted_are_missing(self, bank):
        assert missing(bank["full"].X) == {
            "job": 288,
            "education": 1857,
            "contact": 13_020,
            "poutcome": 36_959,
            "pdays": 36_954,
        }
        assert missing(bank["additional"].X) == {
            "job": 330,
            "education": 1731,
            "default": 8597,
            "housing": 990,
            "loan": 990,
            "pdays": 39_673,
        }
        assert (bank["additional"].X["default"] == "yes").sum() == 3

    @pytest.mark.parametrize("version", ["full", "additional"])
    def test_duration_is_kept_only_on_request(self, bank, home, version):
        assert "duration" not in bank[version].X
        with_duration = fetch_bank(version=version, include_duration=True, data_home=home, download=False)
        assert with_duration.X.drop(columns="duration").equals(bank[version].X)

    def test_an_unknown_version_is_named(self):
        with pytest.raises(ValueError, match=r"'small'.*additional.*full"):
            fetch_bank(version="small")


class TestGerman:
    def test_labels_are_one_for_good(self, german):
        assert german.y.value_counts().to_dict() == {1: 700, 0: 300}
        assert german.favourable == 1

    def test_field_9_and_the_sex_read_from_it(self, german):
        assert german.sensitive["personal_status_and_sex"].value_counts().to_dict() == {
            "male, single": 548,
            "female, divorced, separated or married": 310,
            "male, married or widowed": 92,
            "male, divorced or separated": 50,
        }
        assert positives(german.y, german.sensitive["sex"]) == {"female": (201, 310), "male": (499, 690)}

    def test_age_groups_and_the_other_cut(self, german):
        assert positives(german.y, german.sensitive["age_group"]) == {
            "over 25": (590, 810),
            "25 or under": (110, 190),
        }
        assert positives(german.y, german.X["age"] >= 25) == {True: (612, 851), False: (88, 149)}
        assert (german.X["age"].min(), german.X["age"].max()) == (19, 75)

    def test_foreign_workers(self, german):
        assert positives(german.y, german.sensitive["foreign_worker"]) == {"yes": (667, 963), "no": (33, 37)}

    def test_every_code_is_read(self, german):
        frame = german.frame
        assert frame.shape == (1000, 18 + 4 + 1)
        assert not frame.isna().any().any()
        text = frame.select_dtypes(exclude="number")
        assert not any(text[column].str.fullmatch(r"A\d+").any() for column in text)

    def test_codes_keep_their_classes_apart(self, german, public_data):
        coded = pd.read_csv(public_data / "german" / "german.data", sep=" ", header=None)
        named = german.frame.drop(columns=["sex", "age_group"])
        assert sorted(named.nunique()) == sorted(coded.nunique())

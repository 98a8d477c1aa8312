"""Real data or simulated people: one line says which, and a wrong copy is not passed over."""

import pytest

from evenodds.datasets import make_audit_lab, make_hiring, or_simulated


def failing(error):
    def fetch():
        raise error

    return fetch


def test_real_data_are_taken_where_they_are(capsys):
    assert or_simulated(make_audit_lab, make_hiring).name == make_audit_lab().name
    assert capsys.readouterr().out.startswith("Real data: ")


@pytest.mark.parametrize("error", [ConnectionError("no network"), FileNotFoundError("no copy")])
def test_elsewhere_people_are_simulated_and_one_line_says_so(error, capsys):
    assert or_simulated(failing(error), make_hiring).name == make_hiring().name
    said = capsys.readouterr().out
    assert "simulated people" in said
    assert said.count("\n") == 1


def test_a_wrong_copy_is_an_error():
    with pytest.raises(OSError, match="sha256"):
        or_simulated(failing(OSError("its sha256 is another")), make_hiring)

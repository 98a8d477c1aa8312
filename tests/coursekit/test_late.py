"""What late work costs."""

import pytest
from traitlets import TraitError
from traitlets.config import Config

from coursekit.late import DAY, LatePolicy

HOUR = 60 * 60


def policy(**settings):
    return LatePolicy(config=Config(LatePolicy={"grace_minutes": 60, "daily_deduction": 0.1, "cap": 0.35} | settings))


@pytest.mark.parametrize("late", [None, -1, 0, 0.5, HOUR])
def test_work_in_time_or_within_the_grace_period_costs_nothing(late):
    assert policy().late_submission_penalty("ada", 20, late) is None


@pytest.mark.parametrize(
    ("late", "points"),
    [
        (HOUR + 1, 2),
        (DAY, 2),
        (DAY + 1, 4),
        (2 * DAY, 4),
        (3 * DAY, 6),
        (3 * DAY + 1, 7),
        (365 * DAY, 7),
    ],
)
def test_each_day_begun_costs_its_share_up_to_the_cap(late, points):
    assert policy().late_submission_penalty("ada", 20, late) == pytest.approx(points)


def test_without_a_grace_period_the_first_second_counts():
    assert policy(grace_minutes=0).late_submission_penalty("ada", 20, 1) == pytest.approx(2)
    assert policy(grace_minutes=0).late_submission_penalty("ada", 20, 0) is None


def test_a_grace_period_longer_than_a_day_forgives_and_does_not_move_the_deadline():
    lenient = policy(grace_minutes=2 * 24 * 60)
    assert lenient.late_submission_penalty("ada", 20, 2 * DAY) is None
    assert lenient.late_submission_penalty("ada", 20, 2 * DAY + 1) == pytest.approx(6)


def test_nothing_is_taken_off_until_a_course_says_so():
    assert LatePolicy().late_submission_penalty("ada", 20, DAY) == 0


def test_no_points_leave_nothing_to_take():
    assert policy().late_submission_penalty("ada", 0, DAY) == 0


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("grace_minutes", -5, "-5.0; it must be a number of minutes, 0 or more"),
        ("grace_minutes", float("nan"), "it must be a number of minutes"),
        ("grace_minutes", float("inf"), "it must be a number of minutes"),
        ("daily_deduction", 10, "10.0; it must be a share from 0 to 1, and 10% is 0.1"),
        ("daily_deduction", -0.1, "it must be a share"),
        ("cap", 1.5, "1.5; it must be a share"),
        ("cap", float("nan"), "it must be a share"),
        ("cap", "half", "expected a float"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said(setting, value, says):
    with pytest.raises(TraitError, match=setting) as error:
        policy(**{setting: value})
    assert says in str(error.value)


def penalty(classroom, student):
    with classroom.gradebook() as gradebook:
        return gradebook.find_submission(classroom.lesson, student).notebooks[0].late_submission_penalty


def test_stock_autograde_takes_it_off_and_once_more_with_the_essay(classroom):
    classroom.hand_in("ada", at="2026-01-30 18:10:00 UTC")
    classroom.hand_in("bo", at="2026-01-30 18:10:01 UTC")
    classroom.nbgrader("autograde", classroom.lesson)
    assert penalty(classroom, "ada") is None
    assert penalty(classroom, "bo") == pytest.approx(0.25 * 4)
    with classroom.gradebook() as gradebook:
        grade = gradebook.find_grade("essay", classroom.lesson, classroom.lesson, "bo")
        grade.manual_score, grade.needs_manual_grade = 4, False
        gradebook.db.commit()
    assert penalty(classroom, "bo") == pytest.approx(0.25 * 4)
    classroom.nbgrader("autograde", classroom.lesson, "--force", "--student", "bo")
    assert penalty(classroom, "bo") == pytest.approx(0.25 * (4 + 4))

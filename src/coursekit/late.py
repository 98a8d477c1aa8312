"""What late work costs: a grace period, then a share of the score for each day, up to a cap."""

from math import ceil, isfinite

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Bunch, Float, TraitError, validate

DAY = 24 * 60 * 60


class LatePolicy(LateSubmissionPlugin):
    """Take a share of the score off for each day that has begun since the deadline.

    The deadline includes a student's extension. Work handed in within the grace period costs nothing. After it, days
    are counted from the deadline: the grace period forgives, it does not move the deadline.

    nbgrader asks for the penalty while it autogrades, and only if the work is late, and keeps the number of points it
    was told. The score is then what a notebook has at that moment: automatic points, and points by hand only if it
    was graded before. So an essay that is read later adds to the score and not to the penalty. Autograding again
    (``nbgrader autograde LESSON --force``) computes the penalty anew, with the policy of that day and with the points
    by hand, which nbgrader keeps and asks to look at once more.
    """

    grace_minutes = Float(0, help="Work that is late by no more than so many minutes costs nothing.").tag(config=True)
    daily_deduction = Float(0, help="The share of the score, 0 to 1, that each day begun costs.").tag(config=True)
    cap = Float(1, help="The largest share of the score, 0 to 1, that lateness costs.").tag(config=True)

    @validate("grace_minutes")
    def _minutes(self, proposal: Bunch) -> float:
        if not (isfinite(proposal.value) and proposal.value >= 0):
            raise TraitError(f"LatePolicy.grace_minutes is {proposal.value}; it must be a number of minutes, 0 or more")
        return proposal.value

    @validate("daily_deduction", "cap")
    def _share(self, proposal: Bunch) -> float:
        if not 0 <= proposal.value <= 1:
            name = f"LatePolicy.{proposal.trait.name}"
            raise TraitError(f"{name} is {proposal.value}; it must be a share from 0 to 1, and 10% is 0.1")
        return proposal.value

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float | None) -> float | None:
        """The points to take off; None if the work is in time or within the grace period."""
        late = total_seconds_late or 0
        if late <= self.grace_minutes * 60:
            return None
        return score * min(self.cap, self.daily_deduction * ceil(late / DAY))

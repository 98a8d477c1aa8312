"""What check cells use: try a student's answer on inputs, and name the mistake when it is wrong.

A check cell reads as a list of facts about the answer::

    check = Check("selection_rate", points=2)
    check.given([1, 0, 1, 1]).returns(0.75).mistake(3.0, "That is a count; divide it by the number of people.")
    check.report()

The report is a number (the points: what nbgrader reads) that a notebook shows as a list of what passed and, for
what did not, which mistake it is.
"""

from .check import Check
from .guess import reveal, yours_or_ours
from .inputs import random_people
from .quiz import Cards, Quiz
from .report import Report

__all__ = ["Cards", "Check", "Quiz", "Report", "random_people", "reveal", "yours_or_ours"]

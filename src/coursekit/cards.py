"""Things to sort: their source, and the three cells they become. Answers are sealed as a quiz's are.

Whoever sorts a thing right is told its reason. Whoever sorts it wrong is told what is said of the choice that was
made, ``- (choice) why it may be wrong``, where the region has such a line, and the reason elsewhere.
"""

import re
from dataclasses import dataclass

from coursekit.markers import SOLUTION
from coursekit.quiz import LETTERS, seal

CHECK = """\
# Check of {name}
from evenodds.checking import Cards

Cards(
    "{name}",
    {variable},
    points={points},
    choices={choices},
    sealed={{
{sealed}
    }},
).report()"""

_INSTEAD = re.compile(r"^- \(([^)]+)\) (.+)$")
_CARD = re.compile(r"^- \[([^\]]+)\] \*\*([A-Za-z0-9-]+)\*\*: (.+)$")


@dataclass
class Card:
    """One thing to sort; the reason is what whoever sorts it is told."""

    thing: str
    text: str
    belongs: str
    reason: str = ""


@dataclass(frozen=True)
class Cards:
    """An exercise in sorting, and the cells it becomes."""

    name: str
    text: str
    choices: tuple[str, ...]
    cards: tuple[Card, ...]
    instead: dict[str, str]

    @property
    def variable(self) -> str:
        return self.name.replace("-", "_")

    def asked(self) -> str:
        """The task, what there is to choose from, and the things, without a sign of where they belong (Markdown)."""
        choices = ", ".join(f"`{choice}`" for choice in self.choices)
        return "\n".join(
            [self.text, "", f"Choose from {choices}.", "", *(f"- **{card.thing}**: {card.text}" for card in self.cards)]
        )

    def answered(self, chosen: dict[str, str]) -> str:
        """The answer cell as a student leaves it."""
        lines = [f'    "{card.thing}": "{chosen.get(card.thing, "")}",' for card in self.cards]
        return "\n".join([f"{self.variable} = {{", *lines, "}"])

    @property
    def right(self) -> dict[str, str]:
        return {card.thing: card.belongs for card in self.cards}

    def solution(self) -> str:
        """The answer cell with everything sorted right in a solution region below the student's lines."""
        return f"{self.answered({})}\n### BEGIN {SOLUTION}\n{self.answered(self.right)}\n### END {SOLUTION}"

    def check(self, points: float) -> str:
        sealed = "\n".join(f'        "{card.thing}": "{self._seal(card)}",' for card in self.cards)
        return CHECK.format(
            name=self.name, variable=self.variable, points=points, choices=list(self.choices), sealed=sealed
        )

    def answers(self) -> list[tuple[str, str, str]]:
        """(kind, source, phrase of the feedback): untouched, all right, and one thing at a time in each wrong place."""
        wrong = [
            ("wrong", self.answered(self.right | {card.thing: choice}), self._told(card, choice))
            for card in self.cards
            for choice in self.choices
            if choice != card.belongs
        ]
        return [("stub", self.answered({}), ""), ("right", self.answered(self.right), ""), *wrong]

    def _told(self, card: Card, choice: str) -> str:
        return card.reason if choice == card.belongs else self.instead.get(choice, card.reason)

    def _seal(self, card: Card) -> str:
        options = {
            letter: (choice == card.belongs, self._told(card, choice))
            for letter, choice in zip(LETTERS, self.choices, strict=False)
        }
        return seal(f"{self.name}:{card.thing}", options)


def read_cards(name: str, source: str, choices: tuple[str, ...]) -> Cards:
    """Parse the inside of a cards region.

    Raises
    ------
    ValueError
        Unless there are 2 to 8 choices, at least two things, each sorted under a choice and with a reason.
    """
    text: list[str] = []
    cards: list[Card] = []
    instead: dict[str, str] = {}
    for line in source.split("\n"):
        if mark := _CARD.match(line):
            cards.append(Card(mark[2], mark[3].strip(), mark[1].strip()))
        elif not cards and (mark := _INSTEAD.match(line)):
            instead[mark[1].strip()] = mark[2].strip()
        elif not cards:
            text.append(line)
        elif line.strip().startswith(">"):
            cards[-1].reason = f"{cards[-1].reason} {line.strip()[1:].strip()}".strip()
        elif line.startswith(" "):
            cards[-1].text += " " + line.strip()
        elif line.strip():
            raise ValueError(f"{line!r} stands after the cards; indent it under its card or move it up")
    found = Cards(name, "\n".join(text).strip(), choices, tuple(cards), instead)
    _require_fair(found)
    return found


def _require_fair(found: Cards) -> None:
    if not 2 <= len(found.choices) <= len(LETTERS):
        raise ValueError(f'{len(found.choices)} choices; write choices="one, two, …" with 2 to {len(LETTERS)} of them')
    if len(found.cards) < 2:
        raise ValueError(f"{len(found.cards)} cards; write at least two, each as “- [choice] **thing**: text”")
    things = [card.thing for card in found.cards]
    if twice := [thing for thing in things if things.count(thing) > 1]:
        raise ValueError(f"{twice[0]} stands twice; rename one")
    if strays := found.instead.keys() - set(found.choices):
        raise ValueError(f"“{min(strays)}” has a message and is no choice ({', '.join(found.choices)})")
    for card in found.cards:
        if card.belongs not in found.choices:
            raise ValueError(
                f"{card.thing} belongs to “{card.belongs}”, which is no choice ({', '.join(found.choices)})"
            )
        if not card.reason:
            raise ValueError(f"{card.thing} has no reason; add an indented `> reason` under it")
    if not found.variable.isidentifier():
        raise ValueError(f"{found.variable!r} is no Python name; rename the cards")

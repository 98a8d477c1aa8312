"""The regions that nbgrader takes out of a cell: lines between BEGIN and END of SOLUTION, HIDDEN TESTS, MARK SCHEME."""

from collections.abc import Iterator

SOLUTION, HIDDEN, SCHEME = "SOLUTION", "HIDDEN TESTS", "MARK SCHEME"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")


def inside(source: str, region: str) -> list[str]:
    """The lines that stand in such a region.

    >>> inside("a\\n### BEGIN SOLUTION\\nb\\n### END SOLUTION\\nc", SOLUTION)
    ['b']
    """
    return [line for within, line in _walk(source, region) if within is True]


def without(source: str, region: str, stub: tuple[str, ...] = ()) -> str:
    """The source with each such region replaced by the stub's lines, indented as the region was.

    >>> print(without("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION", SOLUTION, STUB))
    def f():
        # YOUR CODE HERE
        raise NotImplementedError()
    """
    lines: list[str] = []
    for within, line in _walk(source, region):
        if within is False:
            lines.append(line)
        elif within is None:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + text for text in stub]
    return "\n".join(lines)


def balanced(source: str, region: str) -> bool:
    """Whether regions open and close in turn."""
    marks = [f"BEGIN {region}" in line for line in source.split("\n") if _marks(line, region)]
    return marks == [True, False] * (len(marks) // 2)


def _marks(line: str, region: str) -> bool:
    return f"BEGIN {region}" in line or f"END {region}" in line


def _walk(source: str, region: str) -> Iterator[tuple[bool | None, str]]:
    """Each line with True inside, False outside, None for the line that begins the region."""
    within = False
    for line in source.split("\n"):
        if f"BEGIN {region}" in line:
            within = True
            yield None, line
        elif f"END {region}" in line:
            within = False
        else:
            yield within, line

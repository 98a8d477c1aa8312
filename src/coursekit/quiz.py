"""Multiple-choice questions: their source, and the seal that keeps the answer out of sight.

The sealed format
-----------------
``sealed`` is one record per option, in the order of the letters (a, b, c, …), joined by ``"."``. A record is the
standard base64 of ``plain XOR key``, where

- ``plain`` is ``"+"`` for the right option or ``"-"`` for a wrong one, followed by the reason, in UTF-8, padded on
  the right with spaces to the length of the question's longest record;
- ``key`` is ``shake_256(f"{name}:{letter}")``, as long as ``plain``.

So all records are equally long, every option is read with its own key, and neither order nor length tells the right one.
Whoever picked a letter reads its record like this (a letter that is no option has no record):

>>> import base64, hashlib
>>> def unseal(name, letter, sealed):
...     options = dict(zip("abcde", sealed.split(".")))
...     if letter not in options:
...         return None
...     record = base64.b64decode(options[letter])
...     key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(record))
...     plain = bytes(r ^ k for r, k in zip(record, key)).decode().rstrip()
...     return plain[0] == "+", plain[1:]
>>> sealed = seal("sign", {"a": (False, "Look at the order."), "b": (True, "Unprivileged minus privileged.")})
>>> unseal("sign", "b", sealed)
(True, 'Unprivileged minus privileged.')
>>> unseal("sign", "a", sealed)
(False, 'Look at the order.')
>>> unseal("sign", "c", sealed) is None
True
"""

import base64
import hashlib
from collections.abc import Mapping

LETTERS = "abcde"


def seal(name: str, options: Mapping[str, tuple[bool, str]]) -> str:
    """Seal each option's verdict and reason under the letter that picks it.

    Parameters
    ----------
    name : str
        The question's name; part of every key.
    options : mapping of str to (bool, str)
        From letter ("a", "b", … without gaps) to whether the option is right, and the reason shown to whoever picks it.

    Returns
    -------
    str
        The sealed text, as the module's docstring describes it.

    Examples
    --------
    >>> len(set(map(len, seal("q", {"a": (True, "Yes."), "b": (False, "No, since …")}).split("."))))
    1
    """
    if list(options) != list(LETTERS[: len(options)]):
        raise ValueError(f'quiz "{name}": options are {", ".join(options)}; they must run a, b, c … in order')
    plain = {
        letter: (("+" if right else "-") + reason).encode() for letter, (right, reason) in options.items()
    }
    length = max(map(len, plain.values()))
    return ".".join(_encrypt(name, letter, text.ljust(length)) for letter, text in plain.items())


def _encrypt(name: str, letter: str, plain: bytes) -> str:
    key = hashlib.shake_256(f"{name}:{letter}".encode()).digest(len(plain))
    return base64.b64encode(bytes(p ^ k for p, k in zip(plain, key, strict=True))).decode()

"""The values that a student's function returns, taken apart into plain ones and put together again elsewhere."""

import base64
import io
import pickle
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.grading.wire import Forged

DEEPEST = 50


class Opaque(Exception):
    """A value that has no parts to send it in."""


def encode(value: Any, depth: int = 0) -> Any:
    """A value as plain parts, each with a tag.

    Raises
    ------
    Opaque
        If it is none of: None, bool, numbers, text, bytes, lists, tuples, sets, dictionaries, ranges, NumPy arrays
        and scalars, pandas tables and indexes, or something derived from one of them, which goes as that.
    """
    if depth > DEEPEST:
        raise Opaque("nested too deep")
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return "plain", value
    if kind is int:
        return ("plain", value) if abs(value) < 2**63 else ("integer", hex(value))
    if kind is bytes:
        return "bytes", _text(value)
    if kind is complex:
        return "complex", (value.real, value.imag)
    if kind is range:
        return "range", [value.start, value.stop, value.step]
    if container := next((each for each in (list, tuple, set, frozenset) if isinstance(value, each)), None):
        return container.__name__, [encode(item, depth + 1) for item in value]
    if kind in _VIEWS:
        return "list", [encode(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return "dict", [(encode(key, depth + 1), encode(item, depth + 1)) for key, item in value.items()]
    if isinstance(value, np.str_):
        return "text", value.item()
    if isinstance(value, np.bytes_):
        return "npbytes", _text(value.item())
    if isinstance(value, np.generic) and value.dtype.kind in "biufcSUmM":
        return "scalar", (value.dtype.str, _text(value.tobytes()))
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "biufcSUmM":
            return "array", (value.dtype.str, value.shape, _text(np.ascontiguousarray(value).tobytes()))
        if value.dtype.kind == "O":
            return "objects", (value.shape, [encode(item, depth + 1) for item in value.ravel()])
    if kind.__module__.partition(".")[0] == "pandas":
        return _encode_pandas(value, depth + 1)
    if base := next((each for each in (int, float, str) if isinstance(value, each)), None):
        return encode(base(value), depth + 1)
    raise Opaque(kind.__name__)


def decode(parts: Any) -> Any:
    """The value that ``encode`` took apart; Forged if the parts do not make one."""
    try:
        return _decode(parts)
    except Forged:
        raise
    except Exception as error:
        raise Forged(f"{type(error).__name__}: {error}") from None


def _decode(parts: Any) -> Any:
    tag, body = parts
    if tag == "plain":
        return body
    if tag in _CONTAINERS:
        return _CONTAINERS[tag](_decode(item) for item in body)
    if tag == "range":
        return range(*body)
    if tag == "dict":
        return {_decode(key): _decode(item) for key, item in body}
    if tag == "complex":
        return complex(*body)
    if tag == "integer":
        return int(body, 16)
    if tag == "bytes":
        return _bytes(body)
    if tag == "text":
        return np.str_(body)
    if tag == "npbytes":
        return np.bytes_(_bytes(body))
    if tag == "scalar":
        return np.frombuffer(_bytes(body[1]), dtype=_dtype(body[0]))[0]
    if tag == "array":
        if any(length < 0 for length in body[1]):
            raise Forged(f"an array of shape {body[1]}")
        return np.frombuffer(_bytes(body[2]), dtype=_dtype(body[0])).reshape(body[1]).copy()
    if tag == "objects":
        array = np.empty(len(body[1]), dtype=object)
        array[:] = [_decode(item) for item in body[1]]
        return array.reshape(body[0])
    return _decode_pandas(tag, body)


_VIEWS = {type({}.keys()), type({}.values()), type({}.items())}
_CONTAINERS: dict[str, Callable] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _dtype(text: str) -> np.dtype:
    dtype = np.dtype(text)
    if dtype.hasobject:
        raise Forged(f"dtype {text}")
    return dtype


def _encode_pandas(value: Any, depth: int) -> Any:
    import pandas as pd

    if type(value) is pd.Series:
        return "series", [encode(part, depth) for part in (value.index, value.name)] + [_column(value, depth)]
    if type(value) is pd.DataFrame:
        columns = [_column(value.iloc[:, i], depth) for i in range(value.shape[1])]
        return "frame", [encode(value.index, depth), encode(value.columns, depth), columns]
    if type(value) is pd.MultiIndex:
        levels = [_column(value.get_level_values(i), depth) for i in range(value.nlevels)]
        return "multiindex", [levels, encode(list(value.names), depth)]
    if type(value) is pd.RangeIndex:
        return "rangeindex", [value.start, value.stop, value.step, encode(value.name, depth)]
    if isinstance(value, pd.Index):
        return "index", [_column(value, depth), encode(value.name, depth)]
    raise Opaque(type(value).__name__)


def _column(column: Any, depth: int) -> Any:
    """The values of a series or an index and, if pandas has a type of its own for them, that type's name."""
    import pandas as pd

    dtype, array = column.dtype, column.array
    if isinstance(dtype, np.dtype):
        return "numpy", encode(column.to_numpy(), depth)
    if isinstance(dtype, pd.CategoricalDtype):
        return "category", [encode(np.asarray(array.codes)), encode(pd.Index(dtype.categories), depth), dtype.ordered]
    if isinstance(dtype, pd.StringDtype):
        texts = [None if missing else str(text) for text, missing in zip(array, array.isna(), strict=True)]
        return "string", [texts, dtype.storage, dtype.na_value is pd.NA]
    if isinstance(dtype, pd.IntervalDtype):
        return "interval", [encode(np.asarray(array.left)), encode(np.asarray(array.right)), str(dtype.closed)]
    if dtype.name in _NULLABLE:
        filled = array.to_numpy(_NULLABLE[dtype.name], na_value=0)
        return "nullable", [dtype.name, encode(np.asarray(array.isna())), encode(filled)]
    raise Opaque(str(dtype))


_NULLABLE = {"boolean": "bool", "Int64": "int64", "Float64": "float64"}


def _decode_column(parts: Any) -> Any:
    import pandas as pd

    tag, body = parts
    if tag == "numpy":
        return _decode(body)
    if tag == "string":
        return pd.array(body[0], dtype=pd.StringDtype(body[1], na_value=pd.NA if body[2] else np.nan))
    if tag == "category":
        return pd.Categorical.from_codes(_decode(body[0]), _decode(body[1]), ordered=bool(body[2]))
    if tag == "interval":
        return pd.arrays.IntervalArray.from_arrays(_decode(body[0]), _decode(body[1]), closed=body[2])
    if tag == "nullable" and body[0] in _NULLABLE:
        column = pd.array(_decode(body[2]), dtype=body[0])
        column[_decode(body[1])] = pd.NA
        return column
    raise Forged(f"a column tagged {tag!r}")


def _decode_pandas(tag: str, body: Any) -> Any:
    import pandas as pd

    if tag == "series":
        return pd.Series(_decode_column(body[2]), index=_decode(body[0]), name=_decode(body[1]))
    if tag == "frame":
        index, columns = _decode(body[0]), _decode(body[1])
        frame = pd.DataFrame(
            {i: pd.Series(_decode_column(column), index=index) for i, column in enumerate(body[2])}, index=index
        )
        frame.columns = columns
        return frame
    if tag == "multiindex":
        return pd.MultiIndex.from_arrays([_decode_column(level) for level in body[0]], names=_decode(body[1]))
    if tag == "rangeindex":
        return pd.RangeIndex(int(body[0]), int(body[1]), int(body[2]), name=_decode(body[3]))
    if tag == "index":
        return pd.Index(_decode_column(body[0]), name=_decode(body[1]))
    raise Forged(f"a value tagged {tag!r}")


class Handed(pickle.Pickler):
    """Pickles arguments for student code; functions that only this process has go as numbers to call back."""

    def __init__(self, file: io.BytesIO, functions: list[Callable]):
        super().__init__(file, protocol=5)
        self._functions = functions

    def persistent_id(self, value: Any) -> int | None:
        if not isinstance(value, types.FunctionType) or _importable(value):
            return None
        self._functions.append(value)
        return len(self._functions) - 1


class Received(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, stand_in: Callable[[int], Callable]):
        super().__init__(file)
        self._stand_in = stand_in

    def persistent_load(self, number: int) -> Callable:
        return self._stand_in(number)


def _importable(function: types.FunctionType) -> bool:
    return function.__module__ not in (None, "__main__") and "<" not in function.__qualname__

"""What crosses between the grader's processes: values taken apart and put together again, and nothing else."""

import io
import json
import math
import os
import pickle
import threading
from collections import Counter, OrderedDict, defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st

from coursekit.grading.values import DEEPEST, Handed, Opaque, Received, decode, encode
from coursekit.grading.wire import Closed, Forged, Late, pair

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
HASHABLE = st.recursive(
    st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
)
DTYPES = (
    numpy_st.boolean_dtypes()
    | numpy_st.integer_dtypes(endianness="?")
    | numpy_st.floating_dtypes(endianness="?")
    | numpy_st.complex_number_dtypes()
    | numpy_st.unicode_string_dtypes()
    | numpy_st.byte_string_dtypes()
    | numpy_st.datetime64_dtypes()
    | numpy_st.timedelta64_dtypes()
)
ARRAYS = numpy_st.arrays(DTYPES, numpy_st.array_shapes(min_dims=0, min_side=0, max_side=4))
VALUES = st.recursive(
    PLAIN | ARRAYS | DTYPES.flatmap(numpy_st.from_dtype),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.sets(HASHABLE, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=4)
    ),
    max_leaves=8,
)


def across(value: Any) -> Any:
    """A value after the journey: taken apart, sent as bytes that may hold nothing but plain ones, put together."""
    return decode(json.loads(json.dumps(encode(value))))


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        if (one.dtype, one.shape) != (other.dtype, other.shape):
            return False
        return all(map(same, one.ravel(), other.ravel())) if one.dtype == object else one.tobytes() == other.tobytes()
    if isinstance(one, np.generic):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return [*one] == [*other] and all(map(same, one.values(), other.values()))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or (
            one == other and math.copysign(1, one) == math.copysign(1, other)
        )
    return one == other


@given(VALUES)
@settings(deadline=None)
def test_values_survive_the_journey(value):
    assert same(across(value), value)


@given(st.lists(PLAIN, min_size=1, max_size=4))
@settings(deadline=None)
def test_arrays_of_objects_survive_the_journey(values):
    array = np.empty(len(values), dtype=object)
    array[:] = values
    assert same(across(array), array)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12).reshape(3, 4)[::2, ::-1],
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.broadcast_to(np.array([1, 2]), (3, 2)),
        np.array(5),
        np.zeros((0, 3)),
    ],
    ids=["strided", "fortran", "broadcast", "no dimension", "empty"],
)
def test_arrays_of_every_layout_survive_the_journey(array):
    there = across(array)
    assert same(there, array)
    assert there.flags.writeable


TABLES = {
    "series": pd.Series([1.5, None, 3.0], index=["a", "b", "c"], name="x"),
    "series of text": pd.Series(["é", None, "☃"]),
    "series of objects": pd.Series([1, "two", (3,)], dtype=object),
    "frame": pd.DataFrame({"n": [1, 2], "t": ["a", "b"], "b": [True, False]}),
    "frame of nothing": pd.DataFrame(),
    "frame without rows": pd.DataFrame({"a": pd.Series([], dtype=float)}),
    "frame without columns": pd.DataFrame(index=[1, 2]),
    "same column twice": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "columns of numbers": pd.DataFrame([[1, 2]], columns=[10, 20]),
    "same index twice": pd.DataFrame({"a": [1, 2]}, index=["x", "x"]),
    "two levels": pd.DataFrame(
        {"v": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["group", None])
    ),
    "columns of two levels": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_product([["a"], ["x", "y"]])),
    "categories": pd.Series(pd.Categorical(["lo", "hi", None], categories=["lo", "hi", "never"], ordered=True)),
    "nullable integers": pd.Series([1, None], dtype="Int64"),
    "nullable numbers": pd.Series([1.5, None], dtype="Float64"),
    "nullable booleans": pd.Series([True, None], dtype="boolean"),
    "texts": pd.Series(["a", None], dtype="string"),
    "dates": pd.Series(pd.to_datetime(["2026-01-30", None])),
    "differences": pd.Series(pd.to_timedelta(["1h", "2D"])),
    "range index": pd.RangeIndex(2, 10, 3, name="r"),
    "index": pd.Index(["a", "b"], name="i"),
    "index of dates": pd.DatetimeIndex(["2026-01-30", "2026-02-01"], name="d"),
    "bins": pd.Series([1, 2], index=pd.IntervalIndex.from_breaks([0, 1, 2], closed="left")),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_survive_the_journey(name):
    value, there = TABLES[name], across(TABLES[name])
    compare = {pd.Series: pd.testing.assert_series_equal, pd.DataFrame: pd.testing.assert_frame_equal}
    compare.get(type(value), pd.testing.assert_index_equal)(there, value)  # type: ignore[operator]


@given(
    st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans()), max_size=5),
    st.permutations(["n", "x", "b"]),
)
@settings(deadline=None)
def test_tables_of_numbers_survive_the_journey(rows, columns):
    frame = pd.DataFrame(rows, columns=columns)
    pd.testing.assert_frame_equal(across(frame), frame)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (range(2, 9, 3), range(2, 9, 3)),
        ({"a": 1}.keys(), ["a"]),
    ],
    ids=["counter", "ordered", "default", "range", "keys"],
)
def test_what_is_like_a_container_goes_as_one(value, plain):
    assert across(value) == plain


class Liar(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


def test_what_a_class_of_ones_own_adds_does_not_cross():
    assert type(across(Liar(1.0))) is float
    assert across(Liar(1.0)) != 2.0
    assert across([Liar(3.0)]) != [4.0]


@pytest.mark.parametrize(
    "value",
    [object(), print, lambda: 0, type, io.StringIO(), (i for i in ()), np.array([object()]), [{"a": object()}], math],
    ids=["object", "builtin", "lambda", "type", "file", "generator", "array", "inside", "module"],
)
def test_what_has_no_parts_is_opaque(value):
    with pytest.raises(Opaque):
        encode(value)


def test_what_is_nested_without_end_is_opaque():
    endless: list = []
    endless.append(endless)
    with pytest.raises(Opaque, match="deep"):
        encode(endless)
    deep: Any = 0
    for _ in range(DEEPEST):
        deep = [deep]
    assert across(deep) == deep


FORGED = {
    "no parts": None,
    "a number": 3,
    "three": ("plain", 1, 2),
    "unknown tag": ("code", "import os"),
    "tag of no text": (1, 2),
    "list of no parts": ("list", [1]),
    "list of nothing": ("list", None),
    "dict of halves": ("dict", [(("plain", 1),)]),
    "key that is no key": ("dict", [(("list", []), ("plain", 1))]),
    "set of lists": ("set", [("list", [])]),
    "objects by dtype": ("array", ("O", (1,), b"\0" * 8)),
    "record with objects": ("array", ("O,i8", (1,), b"\0" * 16)),
    "scalar of objects": ("scalar", ("|O", b"\1" * 8)),
    "scalar of nothing": ("scalar", ("<f8", b"")),
    "too few bytes": ("array", ("<f8", (2,), b"\0" * 8)),
    "huge shape": ("array", ("<f8", (2**62, 2), b"\0" * 8)),
    "unknown dtype": ("array", ("nonsense", (1,), b"\0" * 8)),
    "objects of another shape": ("objects", ((3,), [("plain", 1)])),
    "range of texts": ("range", ["a", "b", "c"]),
    "series of one part": ("series", [("plain", 1)]),
    "series of an unknown column": ("series", [("plain", None), ("plain", None), ("evil", [])]),
    "frame without index": ("frame", [("plain", None), ("plain", 3), 4]),
    "range index of texts": ("rangeindex", ["a", 1, 1, ("plain", None)]),
    "codes beyond": ("index", [("category", [("array", ("<i8", (1,), b"\7" + b"\0" * 7)), ("list", []), False]), None]),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_parts_are_refused(name):
    with pytest.raises(Forged):
        decode(FORGED[name])


JUNK = st.recursive(
    PLAIN | st.sampled_from(["list", "dict", "array", "scalar", "objects", "series", "frame", "index", "range", "<f8"]),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=12,
)


@given(JUNK)
@settings(deadline=None)
def test_junk_is_a_value_or_forged_and_nothing_else(parts):
    try:
        value = decode(parts)
    except Forged:
        return
    assert same(across(value), value) or isinstance(value, (pd.Series, pd.DataFrame, pd.Index))


def test_functions_that_cannot_be_imported_are_called_back():
    functions: list = []
    blob = io.BytesIO()
    Handed(blob, functions).dump((lambda x: x + 1, math.sqrt, np.mean, [3]))
    blob.seek(0)
    mine, root, mean, plain = Received(blob, lambda number: functions[number]).load()
    assert (mine(1), root, mean, plain) == (2, math.sqrt, np.mean, [3])
    assert len(functions) == 1


def test_messages_arrive_whole_and_in_order():
    here, there = pair()
    big = {"text": "é" * 2**20, "numbers": list(range(1000))}

    def send() -> None:
        here.send(1)
        here.send_plain(big)
        here.send(None)
        here.close()

    sender = threading.Thread(target=send)
    sender.start()
    assert [there.receive(), there.receive_plain(), there.receive()] == [1, big, None]
    sender.join()
    with pytest.raises(Closed):
        there.receive()


def test_who_hangs_up_in_the_middle_of_a_message_is_gone():
    here, there = pair()
    here.end.sendall((100).to_bytes(8, "big") + b"only this")
    here.close()
    with pytest.raises(Closed):
        there.receive()


def test_sending_to_nobody_is_closed():
    here, there = pair()
    there.close()
    with pytest.raises(Closed):
        here.send("x" * 2**20)


def test_who_says_nothing_is_late():
    here, there = pair()
    assert not there.has_message(0)
    with pytest.raises(Late):
        there.receive(within=0)
    here.end.sendall((5).to_bytes(8, "big"))
    with pytest.raises(Late):
        there.receive(within=0)


class Bomb:
    def __reduce__(self) -> tuple:
        return os._exit, (1,)


@pytest.mark.parametrize(
    "body",
    [
        pickle.dumps(Bomb()),
        pickle.dumps(print),
        pickle.dumps(np.float64(1)),
        pickle.dumps(OrderedDict()),
        b"[1, 2",
        b"[" * 100_000,
        b"1" * 5000,
        b"",
        b"\x80\x05",
        b"cos\nsystem\n(S'true'\ntR.",
        b"not JSON",
    ],
)
def test_untrusted_messages_hold_plain_values_only(body):
    here, there = pair()
    here.send_bytes(body)
    with pytest.raises(Forged):
        there.receive_plain()


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_a_plain_value_or_forged(body):
    here, there = pair()
    try:
        here.send_bytes(body)
        there.receive_plain()
    except Forged:
        pass
    finally:
        here.close()
        there.close()


def test_a_message_longer_than_allowed_is_not_read():
    here, there = pair(largest=100)
    here.end.sendall((2**50).to_bytes(8, "big"))
    with pytest.raises(Forged, match="bytes"):
        there.receive_bytes()

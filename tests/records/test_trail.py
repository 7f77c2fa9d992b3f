"""The trail from bytes alone: what is written, how it is chained, and what each change to it looks like."""

from datetime import UTC, datetime, timedelta

import pytest

from records import canonical
from records.trail import EntryError, Head, Moment, Sealed, Walk, opened, seal
from schemas.trail import BatchBegan, BatchEnded, TrailEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(number: int) -> BatchBegan:
    return BatchBegan(batch=f"批{number}", policy="kunming-poc", as_of="2026-03-01", packages=number)


def trail(count: int) -> list[Sealed]:
    head = Head()
    return [
        one for number in range(count) for one in seal(head, [event(number)], "张三", Moment(NOON + timedelta(seconds=number)))
    ]


def faults(entries: list[Sealed]) -> list[tuple[int, str]]:
    walk = Walk()
    return [(one.seq, fault) for one in entries for fault in walk.step(one.seq, one.hash, one.body)[1]]


def test_an_entry_is_these_very_bytes() -> None:
    (one,) = seal(Head(), [event(3)], "张三", Moment(NOON))
    assert one.body.decode() == (
        '{"actor":"张三","alg":"sha256","at":"2026-03-01T12:00:00.000000Z","event":{"as_of":"2026-03-01","batch":"批3","kind":"batch_began",'
        '"packages":3,"policy":"kunming-poc"},"prev":"' + "0" * 64 + '","seq":1,"v":1}'
    )


def test_another_writer_makes_the_same_bytes() -> None:
    def write(value: object) -> str:  # RFC 8785 for what we use, without the json module
        if isinstance(value, dict):
            return "{" + ",".join(f"{write(key)}:{write(value[key])}" for key in sorted(value)) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(write, value)) + "]"
        if isinstance(value, str):
            short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
            return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
        return {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else str(value)

    odd = BatchBegan(batch='"引"\\\n\t\x01 ﬀ😀\u2028', policy="中", as_of="", packages=-1)
    (one,) = seal(Head(), [odd], "李/四", Moment(NOON))
    assert write(opened(one.body)).encode() == one.body


def test_an_entry_is_a_value_again() -> None:
    (one,) = seal(Head(), [event(3)], "张三", Moment(NOON))
    assert TrailEntry.model_validate_json(one.body).event == event(3)


def test_a_field_of_a_later_version_survives() -> None:
    body = trail(1)[0].body.replace(b'"actor"', b'"aaa":{"new":[1]},"actor"')
    assert canonical.dumps(opened(body)) == body


@pytest.mark.parametrize("value", [1.5, float("nan"), 1 << 60, {"键": 1}, b"bytes", {1: 2}])
def test_what_two_writers_may_write_differently_is_refused(value: object) -> None:
    with pytest.raises(canonical.CanonicalError):
        canonical.dumps(value)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"a": 1}', b'{"v":2,"alg":"sha256","event":{}}', b"\xff", b"[" * 100_000])
def test_what_no_writer_wrote_is_refused(body: bytes) -> None:
    with pytest.raises(EntryError):
        opened(body)


def test_an_untouched_trail_has_no_faults() -> None:
    assert faults(trail(9)) == []


def test_each_change_is_told_at_its_place() -> None:
    whole = trail(9)
    changed = Sealed(5, whole[4].hash, whole[4].body.replace(b'"packages":4', b'"packages":9'))
    assert faults([*whole[:4], changed, *whole[5:]])[0] == (5, "内容与其摘要不符")
    assert faults([*whole[:4], *whole[5:]])[0][0] == 6
    swapped = [*whole[:4], Sealed(5, whole[5].hash, whole[5].body), Sealed(6, whole[4].hash, whole[4].body), *whole[6:]]
    assert {place for place, _ in faults(swapped)} >= {5, 6}
    assert faults([*whole[:4], whole[3], *whole[4:]])[0][0] == 4


def test_a_clock_that_goes_back_is_an_entry_and_time_does_not() -> None:
    head = Head()
    seal(head, [event(1)], "张三", Moment(NOON))
    moved, ended = seal(head, [BatchEnded(batch="b", screened=1, failed=0, reused=0)], "张三", Moment(NOON - timedelta(hours=1)))
    assert opened(moved.body)["event"] == {"kind": "clock", "observed": "2026-03-01T11:00:00.000000Z", "seconds": -3600}
    assert [opened(one.body)["at"] for one in (moved, ended)] == ["2026-03-01T12:00:00.000000Z"] * 2


@pytest.mark.parametrize(
    ("seconds", "kinds"), [(1.9, ["batch_began"]), (2.1, ["clock", "batch_began"]), (-2.1, ["clock", "batch_began"])]
)
def test_a_jump_of_more_than_two_seconds_is_an_entry(seconds: float, kinds: list[str]) -> None:
    made = seal(Head(), [event(1)], "张三", Moment(NOON, timedelta(seconds=seconds)))
    assert [opened(one.body)["event"]["kind"] for one in made] == kinds

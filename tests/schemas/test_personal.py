"""What the one masking function hides, and what it must leave alone."""

import pytest

from schemas.personal import keyed, mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("身份证 65019119960119387X。", "身份证 650191***********X。"),
        ("650191 19960119 3871", "650191 ******** ***1"),
        ("６５０１９１１９９６０１１９３８７１", "６５０１９１***********１"),
        ("电话139 1234 5678，13912345678", "电话139 **** 5678，139****5678"),
        ("卡号：6222020200112233445", "卡号：***************3445"),
        ("开户银行账号 53001234567890", "开户银行账号 **********7890"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
    ],
)
def test_personal_numbers_are_hidden_at_equal_length(text: str, shown: str) -> None:
    assert mask(text) == shown
    assert len(shown) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "91650191MA1KB2CF14",
        "设备编号 2024000113",
        "投资 12345678901234 元",
        "合同编号：4111111111111112",
        "0871-63123456",
        "2025-01-15 至 2026-01-15",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_a_keyed_number_is_the_same_however_it_is_typed() -> None:
    assert (
        keyed("650191 19960119 387x", b"k")
        == keyed("６５０１９１１９９６０１１９３８７X", b"k")
        != keyed("65019119960119387X", b"other")
    )

"""Abbreviations that stand beside their long forms in an article."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.abbreviations import find_definitions


@pytest.mark.parametrize(
    ("text", "short", "long_form"),
    [
        ("của Ban quản lý rừng phòng hộ (BQLRPH) huyện", "BQLRPH", "Ban quản lý rừng phòng hộ"),
        ("Sở Giáo dục và Đào tạo (GD&ĐT) cho biết", "GD&ĐT", "Giáo dục và Đào tạo"),
        ("Sở Giáo dục và Đào tạo (GD & ĐT)", "GD & ĐT", "Giáo dục và Đào tạo"),
        (
            "Bộ Văn hóa, Thể thao và Du lịch (VH-TT&DL)",
            "VH-TT&DL",
            "Văn hóa, Thể thao và Du lịch",
        ),
        (
            "Lao động - Thương binh và Xã hội (LĐ-TB&XH)",
            "LĐ-TB&XH",
            "Lao động - Thương binh và Xã hội",
        ),
        ("các doanh nghiệp (DN) nhỏ", "DN", "doanh nghiệp"),
        ("một thạc sĩ (ThS) trẻ", "ThS", "thạc sĩ"),
        ("ban chỉ huy PCTT (BCHPCTT)", "BCHPCTT", "ban chỉ huy PCTT"),
        ("quỹ Cây Xanh (gọi tắt là CX)", "CX", "Cây Xanh"),
        ("khu kinh tế mở (sau đây gọi tắt là “KKTM”)", "KKTM", "khu kinh tế mở"),
        ("gia nhập World Health Organization (WHO)", "WHO", "World Health Organization"),
        ("Liên đoàn Bóng đá Việt Nam (VFF) họp", "VFF", "Liên đoàn Bóng đá Việt Nam"),
        ("Chủ tịch Hiệp hội Ngân hàng Việt Nam (VNBA)", "VNBA", "Hiệp hội Ngân hàng Việt Nam"),
        (
            "Cục Hàng không và Tổ chức Y tế Thế giới (WHO)",
            "WHO",
            "Tổ chức Y tế Thế giới",
        ),
        ("Uỷ ban Chứng khoán Nhà nước (SSC)", "SSC", "Uỷ ban Chứng khoán Nhà nước"),
        ("BQL (Ban quản lý) chợ", "BQL", "Ban quản lý"),
        ("theo WHO (Tổ chức Y tế Thế giới) thì", "WHO", "Tổ chức Y tế Thế giới"),
    ],
)
def test_an_abbreviation_is_found_with_its_long_form(text: str, short: str, long_form: str) -> None:
    assert find_definitions(text) == [(short, long_form)]
    assert find_definitions(unicodedata.normalize("NFD", text)) == [(short, long_form)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(VFF)",
        "ông Trần Văn Khải (TP.HCM)",
        "anh Lê Hoàng Nam (HN)",
        "chị Trương Thị Huyền Trang (THT)",
        "Thế kỷ trước (XX)",
        "đại diện nhà trường (DDNT)",  # đ is not d
        "Công ty trách nhiệm hữu hạn Hoa Mai (ABC)",
        "Bộ trưởng Y tế Thế giới (WHO)",
        "Đảng viên Trần Văn Khải (TVX)",
        "Tại Liên đoàn. Hôm qua (VFF)",
        "UBND (Hà Nội)",
        "ban tổ chức giải (BTC)",
        "doanh nghiệp, (DN)",
        "Cục (VFF)",
        "Tổng cục Đường bộ Việt Nam (III)",
    ],
)
def test_what_is_not_certain_is_not_found(text: str) -> None:
    assert find_definitions(text) == []


def test_all_are_found_in_order_and_each_once() -> None:
    text = (
        "Ban tổ chức (BTC) và CLB (câu lạc bộ) họp.\nBan tổ chức (BTC) mời huấn luyện viên (HLV)."
    )
    assert find_definitions(text) == [
        ("BTC", "Ban tổ chức"),
        ("CLB", "câu lạc bộ"),
        ("HLV", "huấn luyện viên"),
    ]


@given(st.text(st.sampled_from("ABĐWab đâ&-.(),\n1“”ủ\u0301"), max_size=80))
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    for short, long_form in find_definitions(text):
        assert short in normal
        assert long_form in normal
        assert long_form


@pytest.mark.parametrize("piece", ["(", "AB(", "A&", "ab (AB) ", "Liên đoàn A (ABC", "A" * 40])
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    find_definitions(text)
    assert time.process_time() - started < 3

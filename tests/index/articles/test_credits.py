"""Credits: the author, source or photographer that a line names, and lines that name nobody."""

import pytest

from index.articles.readers.credits import Credit, Kind, is_full_name, parse_credit


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("Tác giả: Lê Thu Nga", "Lê Thu Nga", Kind.LABELLED),
        ("Tác giả, Lê Thu Nga", "Lê Thu Nga", Kind.LABELLED),
        ("Tin, bài, ảnh: Lê Thu Nga", "Lê Thu Nga", Kind.LABELLED),
        ("Bài và ảnh: LÊ NGA", "LÊ NGA", Kind.LABELLED),
        ("Bởi Lê Thu Nga", "Lê Thu Nga", Kind.LABELLED),
        ("LÊ NGA thực hiện", "LÊ NGA", Kind.LABELLED),
        ("Thu Nga ghi", "Thu Nga", Kind.LABELLED),
        ("Lê Thu Nga", "Lê Thu Nga", Kind.NAME),
        ("THU NGA - MINH HÒA", "THU NGA - MINH HÒA", Kind.NAME),
        ("T.H", "T.H", Kind.NAME),
        ("P.VHTT", "P.VHTT", Kind.NAME),
        ("Thu Nga - Theo Báo Sông Quê", "Thu Nga", Kind.NAME),
        ("Theo Nhịp sống vùng cao", "Nhịp sống vùng cao", Kind.SOURCE),
        ("(Theo TTXVN)", "TTXVN", Kind.SOURCE),
        ("(TTXVN/Vietnam+)", "TTXVN/Vietnam+", Kind.SOURCE),
        ("Nguồn: Báo Sông Quê", "Báo Sông Quê", Kind.SOURCE),
        ("Ảnh: Lê Nga", "Lê Nga", Kind.PHOTO),
        ("Ảnh và chú thích: Lê Nga", "Lê Nga", Kind.PHOTO),
        ("Thiết kế: Lê Nga", "Lê Nga", Kind.OTHER),
    ],
)
def test_a_credit_gives_the_name_without_its_label(line: str, name: str, kind: Kind) -> None:
    assert parse_credit(line) == Credit(name, kind)


@pytest.mark.parametrize(
    "line",
    [
        "Theo kế hoạch, giá vé là 7.000 đồng.",
        "Theo ông Lê Văn Nga, xã đã có nước sạch.",
        "Video: Đua ghe vòng loại sáng mùng 6.",
        "Nhà văn hóa tổ 7",
        "Giá vé 20.000 đồng",
        "Lê Thu Nga được trao giải nhất của cuộc thi viết thư cho biển năm nay",
    ],
)
def test_a_sentence_or_a_place_is_no_credit(line: str) -> None:
    assert parse_credit(line) is None


def test_a_full_name_begins_with_a_family_name() -> None:
    assert is_full_name("Nguyễn Thu Nga")
    assert not is_full_name("Sóc Trăng")
    assert not is_full_name("Thu Nga")

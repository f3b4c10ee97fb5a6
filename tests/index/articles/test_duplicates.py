"""One article at two places is told from two articles that are much alike."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article
from index.articles.analysis import analyse
from index.articles.duplicates import BANDS, duplicate_keys, is_duplicate, is_version
from index.language.analyser import Analyser
from tests.support.articles import VIETNAM
from tests.support.duplicates import AGENCY, ELSEWHERE, PARAGRAPH, PUBLISHED

ANALYSER = Analyser()

GOLD = (
    "Mở cửa phiên sáng nay, giá vàng miếng tại Hà Nội được niêm yết ở mức {buy} triệu đồng một "
    "lượng mua vào và {sell} triệu đồng một lượng bán ra, tăng nhẹ so với cuối phiên trước. Tại "
    "Thành phố Hồ Chí Minh, các cửa hàng cũng điều chỉnh giá theo hướng đi lên, song sức mua của "
    "người dân không nhiều. Trên thị trường thế giới, kim loại quý giao dịch quanh {world} USD một "
    "ounce. Giới phân tích cho rằng nhà đầu tư đang chờ tín hiệu lãi suất của ngân hàng trung ương "
    "các nước lớn, vì vậy giá khó biến động mạnh trong những ngày tới. Người mua nên cân nhắc vì "
    "chênh lệch giữa hai chiều vẫn ở mức cao."
)
WEATHER = (
    "Hôm nay, khu vực {place} nhiều mây, sáng sớm có sương mù nhẹ, trưa chiều trời nắng, gió nhẹ. "
    "Nhiệt độ thấp nhất {low} độ, cao nhất {high} độ. Trong vài ngày tới, hình thái thời tiết này "
    "còn duy trì. Người dân khi đi lại vào sáng sớm cần bật đèn xe và giữ khoảng cách an toàn, "
    "người già và trẻ nhỏ nên mặc ấm khi ra ngoài vào sáng sớm và đêm khuya."
)
OBITUARY = (
    "Ban chấp hành Hội Văn nghệ tỉnh và gia đình vô cùng thương tiếc báo tin: nhạc sĩ {name}, hội "
    "viên lâu năm, sau một thời gian lâm bệnh, mặc dù được các bác sĩ và gia đình tận tình cứu "
    "chữa, do tuổi cao sức yếu, đã từ trần. Lễ viếng được tổ chức tại nhà tang lễ bệnh viện đa "
    "khoa tỉnh, lễ truy điệu và đưa tang vào sáng hôm sau, an táng tại nghĩa trang quê nhà. Nhạc "
    "sĩ {name} để lại nhiều ca khúc được công chúng yêu mến. Hội trân trọng báo tin và kính viếng."
)
PREVIEW = (
    "Trận {home} gặp {guest} diễn ra vào tối thứ bảy trên sân nhà của {home}. Ở lượt đi, hai đội "
    "chia điểm sau một trận đấu nhiều cơ hội. Phong độ hiện tại nghiêng về đội chủ nhà, trong khi "
    "{guest} vắng hai trụ cột vì chấn thương. Huấn luyện viên của {guest} thừa nhận đội bóng của "
    "ông cần chơi chặt chẽ hơn ở hàng thủ. Người hâm mộ chờ đợi một trận cầu cởi mở, nơi {home} "
    "được đánh giá cao hơn nhờ lợi thế sân bãi và sự cổ vũ của khán giả nhà."
)
NOTICE = (
    "Nội dung này chỉ dành cho bạn đọc đã đăng ký. Xin mời bạn đăng nhập hoặc tạo tài khoản để đọc "
    "tiếp toàn văn. Việc đăng ký miễn phí và chỉ mất vài phút, giúp tòa soạn phục vụ bạn tốt hơn."
)


def with_text(text: str, source: str = "Báo Cửa Biển") -> Article:
    return replace(AGENCY, text=text, source=source)


def form(title: str, text: str, source: str = "Báo Cửa Biển", **fields: str) -> Article:
    return Article(title=title.format(**fields), text=text.format(**fields), source=source)


def keys(article: Article) -> set[int]:
    return set(duplicate_keys(analyse(article, ANALYSER).terms))


def are_one(one: Article, other: Article) -> bool:
    """Whether one is found as a copy of the other, by the keys and the rule, either way."""
    verdicts = {is_duplicate(one, other), is_duplicate(other, one)}
    assert len(verdicts) == 1
    return bool(keys(one) & keys(other)) and verdicts.pop()


@pytest.mark.parametrize(
    "copy",
    [
        ELSEWHERE,
        replace(AGENCY, url="https://songthuong.example/2"),
        replace(ELSEWHERE, title="14 ngư dân Quảng Ngãi trôi dạt trên biển được tàu SAR cứu"),
        replace(ELSEWHERE, title=""),
        replace(ELSEWHERE, published=None),
        replace(ELSEWHERE, published=datetime(2022, 10, 20, 6, 0, tzinfo=VIETNAM)),
        with_text(AGENCY.text + PARAGRAPH),
        with_text(AGENCY.text.replace("\nNhận được", f"{PARAGRAPH}\nNhận được")),
        with_text(AGENCY.text.rpartition("\n")[0]),
        with_text(AGENCY.text.partition("\n")[2]),
        with_text(AGENCY.text + "\nTheo Thông tấn xã"),
        with_text(AGENCY.text.replace("ngay trong đêm", "ngay lập tức")),
        with_text(AGENCY.text.replace("3h sáng", "03h sáng").replace("hòa", "hoà")),
        with_text(AGENCY.text.replace("bảy giờ", "7 giờ").replace("hai người", "2 người")),
        with_text(AGENCY.text.replace("\n", " ").replace(",", " ,")),
        with_text(AGENCY.text.upper()),
        with_text(
            AGENCY.text.replace("Trung tâm Phối hợp", "TTPH").replace("18/10", "TP HCM 18/10")
        ),
    ],
)
def test_an_article_at_another_place_is_the_same_one(copy: Article) -> None:
    assert are_one(AGENCY, copy)


@pytest.mark.parametrize(
    "other",
    [
        with_text(AGENCY.text.replace("14 ngư dân", "12 ngư dân")),
        with_text(AGENCY.text.replace("hai người bị thương", "ba người bị thương")),
        with_text(AGENCY.text.replace("18/10", "19/10")),
        with_text(AGENCY.text.replace("QNg 90345", "QNg 90543")),
        replace(ELSEWHERE, published=datetime(2022, 10, 25, 17, 5, tzinfo=VIETNAM)),
        replace(ELSEWHERE, title="Giá xăng dầu giảm mạnh từ chiều nay"),
        with_text(
            "Sáng nay, gia đình 14 ngư dân được cứu đã đến cảm ơn thủy thủ đoàn. "
            "Thuyền trưởng nói rằng đó là việc phải làm, và mong bà con đóng tàu vững hơn.\n"
            + AGENCY.text.replace("vào cảng Dung Quất an toàn", "vào bờ trước đó một ngày"),
        ),
        replace(
            with_text(AGENCY.text.replace("Lý Sơn", "Phú Quý")), title="Cứu hộ đưa ngư dân vào bờ"
        ),
        with_text(AGENCY.text.partition("\n")[0]),
        with_text(f"{AGENCY.text}\n{AGENCY.text}"),
        with_text(AGENCY.text + PARAGRAPH * 3),
        with_text(AGENCY.text + PARAGRAPH, source="Báo Sông Thương"),
    ],
)
def test_another_article_is_not_taken_for_the_same_one(other: Article) -> None:
    assert not are_one(AGENCY, other)


def test_numbers_that_change_places_make_another_article() -> None:
    one = form("Thời tiết", WEATHER, place="Bắc Bộ", low="19", high="27")
    assert not are_one(one, form("Thời tiết", WEATHER, place="Bắc Bộ", low="27", high="19"))


GOLD_TITLE = "Giá vàng hôm nay {day}: tiếp tục đi lên"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            form(GOLD_TITLE, GOLD, day="12/3", buy="55,2", sell="55,9", world="1.720"),
            form(GOLD_TITLE, GOLD, day="13/3", buy="55,4", sell="56,1", world="1.724"),
        ),
        (
            form(GOLD_TITLE, GOLD, day="12/3", buy="55,2", sell="55,9", world="1.720"),
            form(GOLD_TITLE, GOLD, day="13/3", buy="55,2", sell="55,9", world="1.720"),
        ),
        (
            form("Thời tiết hôm nay", WEATHER, place="Bắc Bộ", low="19", high="27"),
            form("Thời tiết hôm nay", WEATHER, place="Bắc Bộ", low="18", high="27"),
        ),
        (
            form("Thời tiết {place} hôm nay", WEATHER, place="Điện Biên", low="19", high="27"),
            form("Thời tiết {place} hôm nay", WEATHER, place="Cao Bằng", low="19", high="27"),
        ),
        (
            form("Tin buồn", OBITUARY, name="Lường Văn Khoát"),
            form("Tin buồn", OBITUARY, name="Đinh Quý Mẫn"),
        ),
        (
            form("Nhận định {home} - {guest}", PREVIEW, home="Sông Thương", guest="Cửa Biển"),
            form("Nhận định {home} - {guest}", PREVIEW, home="Đồi Chè", guest="Phố Hiến"),
        ),
        (
            form(
                "Huyện mở lớp dạy {what}",
                WEATHER + " Lớp {what} khai giảng tuần này.",
                what="trồng nấm",
                place="Bắc Bộ",
                low="19",
                high="27",
            ),
            form(
                "Huyện mở lớp dạy {what}",
                WEATHER + " Lớp {what} khai giảng tuần này.",
                what="nuôi ong",
                place="Bắc Bộ",
                low="19",
                high="27",
            ),
        ),
        (
            Article(title="Lũ quét ở Mường Lống", text=NOTICE),
            Article(title="Giá xăng tiếp tục giảm mạnh", text=NOTICE),
        ),
        (
            Article(title="Tin 1", text="Nước lũ lên nhanh trong đêm.", source="A"),
            Article(title="Tin 2", text="Nước lũ lên nhanh trong đêm.", source="B"),
        ),
        (
            Article(title="Tin", text="Nước lũ lên nhanh trong đêm.", source="A"),
            Article(title="Tin", text="Nước lũ rút nhanh trong đêm.", source="B"),
        ),
    ],
)
def test_two_articles_of_one_form_are_two(one: Article, other: Article) -> None:
    assert not are_one(one, other)
    assert not is_version(one, other)
    assert not is_version(other, one)


@pytest.mark.parametrize(
    "grown",
    [
        with_text(AGENCY.text + PARAGRAPH * 3),
        replace(AGENCY, published=datetime(2022, 10, 18, 20, 0, tzinfo=VIETNAM)),
        replace(AGENCY, text=AGENCY.text.replace("14 ngư dân", "15 ngư dân")),
        replace(AGENCY, text="Đang cập nhật."),
    ],
)
def test_an_article_that_grew_is_a_version_of_the_same_one(grown: Article) -> None:
    for early in (AGENCY, replace(AGENCY, text=AGENCY.text.partition("\n")[0])):
        assert is_version(early, grown) is is_version(grown, early) is True


@pytest.mark.parametrize(
    "other",
    [
        replace(AGENCY, published=PUBLISHED + timedelta(days=4)),
        replace(
            AGENCY,
            text=AGENCY.text.replace("14 ngư dân", "15 ngư dân"),
            published=PUBLISHED + timedelta(hours=4),
        ),
        replace(AGENCY, text="Đang cập nhật.", published=PUBLISHED + timedelta(hours=4)),
        replace(AGENCY, title="Giá xăng giảm", text=PARAGRAPH.strip()),
    ],
)
def test_another_article_is_no_version_of_an_earlier_one(other: Article) -> None:
    assert is_version(AGENCY, other) is is_version(other, AGENCY) is False


def test_a_short_text_is_the_same_word_for_word() -> None:
    short = Article(
        title="Sở Y tế nói về thuốc giả",
        text="Chiều nay, Sở Y tế tỉnh khẳng định thông tin trên mạng về lô thuốc giả tại bệnh viện "
        "là đúng, đề nghị người dân không chia sẻ thêm khi chưa có kết luận của cơ quan điều tra.",
        source="A",
    )
    assert are_one(short, replace(short, source="B", text=short.text.replace(",", " -")))
    assert not are_one(short, replace(short, source="B", text=short.text.replace("đúng", "sai")))


def test_each_house_abbreviates_in_its_own_way() -> None:
    text = f"{AGENCY.text}\nTàu SAR 412 về TP HCM, nơi các ngư dân ở TP HCM đón họ."
    assert are_one(with_text(text), with_text(text.replace("TP HCM", "TPHCM"), "Báo Đồi Chè"))


def test_articles_that_share_a_paragraph_are_not_even_compared() -> None:
    other = form("Giá vàng", GOLD + PARAGRAPH, buy="55,2", sell="55,9", world="1.720")
    assert not keys(with_text(AGENCY.text + PARAGRAPH)) & keys(other)


def test_a_text_without_words_is_a_copy_of_nothing() -> None:
    empty = Article(title="…", text="🙂🙂🙂")
    assert keys(empty) == set()
    assert not is_duplicate(empty, empty)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    first, second = Article(title=one, text=other), Article(title=other, text=one)
    assert is_duplicate(first, second) == is_duplicate(second, first)
    assert len(duplicate_keys(("", one))) in (0, BANDS)


def test_keys_are_the_same_in_every_process() -> None:
    code = (
        "from index.articles.duplicates import duplicate_keys;"
        "print(duplicate_keys(('', 'hội_nghị thủy_lợi năm 2022')))"
    )
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    mine = duplicate_keys(("Tít khác", "hội nghị thủy lợi", "năm 2022"))
    assert again.stdout.strip() == str(mine)
    assert mine[:2] == [-874_076_987_035_428_337, 9_191_457_468_485_880_191]


def test_copies_may_lie_three_days_apart_and_no_more() -> None:
    for hours, expected in ((72, True), (73, False)):
        later = replace(ELSEWHERE, published=PUBLISHED + timedelta(hours=hours))
        assert is_duplicate(AGENCY, later) is expected

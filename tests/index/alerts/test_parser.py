"""What a person asks for when subscribing, and what a wish finds and marks in a text."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.alerts import AlertQuery, SubscriptionError, SubscriptionReason, alert_highlights
from index.alerts.matcher import Matcher
from index.alerts.parser import CANONICAL_MAX, SYLLABLES_MAX, TYPED_MAX, parse
from index.errors import QuestionError
from index.language.analyser import Analyser

ANALYSER = Analyser()
TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            "bão lũ Quảng Bình bao Ha Nội ma mà hoà COVID-19 TP.HCM 05 3 5.000 1A - – -bão "
            '−ma + * | -" " “ ” « title: tiêu đề: nguồn: source:báo -source: -title:"x '
            "https://a.vn/ a:b , OR or | hoặc hoac HOẶC là a|b "
            "\u200b \n ä ß ĐẮK \u0301 🙂 ''".split(" ")
        ),
        max_size=12,
    ).flatmap(lambda words: st.sampled_from(["".join(words), " ".join(words)])),
)


def canonical(text: str) -> str:
    return str(parse(text, ANALYSER))


def wants(typed: str, title: str, source: str | None = None) -> bool:
    matcher = Matcher()
    matcher.add(1, parse(typed, ANALYSER))
    return bool(matcher.match([ANALYSER.analyse(title).text], [source] if source else []))


def reason(text: str) -> SubscriptionReason:
    with pytest.raises(SubscriptionError) as raised:
        parse(text, ANALYSER)
    return raised.value.reason


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "*"),
        (" \n", "*"),
        ("*", "*"),
        ("bão", "bão"),
        ("BÃO", "bão"),
        ("bão, lũ", "bão + lũ"),
        ("bão + lũ bão", "bão + lũ"),
        ("“giá vàng” lũ", '"giá vàng" lũ'),
        ("«giá vàng» lũ", '"giá vàng" lũ'),
        ('"giá vàng lũ', '"giá vàng lũ"'),
        ("lũ -phim", "lũ -phim"),
        ("lũ –phim", "lũ -phim"),
        ("lũ −“phim hài”", 'lũ -"phim hài"'),
        ("-phim lũ", "lũ -phim"),
        ("-bóng đá lũ", 'lũ -"bóng đá"'),
        ("Hà Nội - Hải Phòng", '"hà nội" "hải phòng"'),
        ("* -phim", "* -phim"),
        ("title:lũ", "title:lũ"),
        ("Tiêu đề: lũ", "title:lũ"),
        ("tieude:lũ", "title:lũ"),
        ("TIEU DE:lũ", "title:lũ"),
        ('nguồn:"Báo Sông Thương" lũ', 'lũ source:"báo sông thương"'),
        ("nguon:Báo Sông Thương", 'source:"báo sông thương"'),
        ("lũ -source:vnexpress.net", 'lũ -source:"vnexpress net"'),
        ("https://songthuong.example/lu", '"https songthuong example lu"'),
        ("Nóng: lũ", "nóng + lũ"),
        ("bão OR lũ", "bão OR lũ"),
        ("bão | lũ", "bão OR lũ"),
        ("bão|lũ||hạn hán", 'bão OR lũ OR "hạn hán"'),
        ("bão hoặc lũ", "bão OR lũ"),
        ("bão HOẶC LÀ lũ", "bão OR lũ"),
        (unicodedata.normalize("NFD", "bão hoặc lũ"), "bão OR lũ"),
        ("bao hoac lu", "bao OR lu"),
        ("bão lũ OR hạn hán Quảng Bình", 'bão + lũ OR "hạn hán" "quảng bình"'),
        ('bão OR title:lũ -phim nguồn:"Báo Đò" mưa', 'bão OR mưa title:lũ source:"báo đò" -phim'),
        ("bão OR bão OR lũ", "bão OR lũ"),
        ("OR bão |", "bão"),
        ("bão OR !!!", "bão"),
        ("bão OR * -phim", "* -phim"),
        ("bão hoặc -phim", "bão -phim"),
        ("nguồn:a | nguồn:b", "source:a source:b"),
        ("truth or dare", 'truth + "or" + dare'),
        ("sống “hoặc” chết", 'sống + "hoặc" + chết'),
        ('"sống hoặc chết"', '"sống hoặc chết"'),
        ('"OR" | -hoặc', '"or" -"hoặc"'),
    ],
)
def test_what_is_typed_has_one_canonical_form(typed: str, meant: str) -> None:
    assert canonical(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bão lũ Quảng Bình", 'bão + lũ "quảng bình"'),
        ("bão lũ quảng bình", 'bão + lũ "quảng bình"'),
        ("bao lu quang binh", 'bao + lu "quang binh"'),
        ("ông Trần Văn Khải", 'ông "trần văn khải"'),
        ("Bão Quảng Bình", 'bão "quảng bình"'),
        ("tai nan giao thong Ha Noi", '"tai nan" "giao thong" "ha noi"'),
        ("UBND TP", "ubnd + tp"),
        ("bão số 3", 'bão "số 3"'),
        ("quốc lộ 1A", '"quốc lộ 1a"'),
        ("giá vàng 2021", "giá + vàng + 2021"),
        ("COVID-19 TP.HCM", '"covid 19" "tp hcm"'),
    ],
)
def test_neighbours_that_make_one_word_or_name_are_one_phrase(typed: str, meant: str) -> None:
    assert canonical(typed) == meant


@pytest.mark.parametrize(
    ("typed", "title", "wanted"),
    [
        ("bao lu", "Bão gây lũ lớn", True),
        ("bão lũ", "Lũ lên sau bão", True),
        ("bão lũ", "Bão tan", False),
        ("bão", "Bảo vệ rừng, báo cáo sớm", False),
        ("Hà", "Thà chậm còn hơn", False),
        ("Hà", "Sông Hà cạn", True),
        ("ha", "Sông Hà cạn", True),
        ("ma", "Mà sao vẫn vắng", False),
        ("ma", "Con ma trong phim", True),
        ("mà", "Con ma trong phim", False),
        ("MA", "con ma", True),
        ("ma tuy", "Bắt nhóm buôn ma tuý", True),
        ("ma trận", "Trận đấu mà ai cũng chờ", False),
        ("lu", "Lũ quét", True),
        ("lũ", "Lu nước", False),
        ("duong", "Đường mới", True),
        ("đường", "Dương cầm", False),
        ("Da Nang", "Đà Nẵng mưa", True),
        ("hoà bình", "Tỉnh Hòa Bình", True),
        ("hòa bình", "Tỉnh Hoà Bình", True),
        ("thủy lợi", unicodedata.normalize("NFD", "Thuỷ lợi"), True),
        (unicodedata.normalize("NFD", "lũ quét"), "Lũ quét", True),
        ("ubnd", "Chủ tịch UBND tỉnh", True),
        ("ngày 05/1", "Hội nghị ngày 5/1", True),
        ("COVID-19", "Dịch covid 19", True),
        ("COVID-19", "Covid: 1.219 ca", False),
        ("Quảng Bình", "Quảng Ngãi và Hòa Bình", False),
        ('"giá vàng"', "Giá vàng tăng", True),
        ('"gia vang"', "Giá vàng tăng", True),
        ('"giá vàng"', "Giá của vàng", False),
        ("giá vàng", "Vàng tăng giá", True),
        ("giá -vàng", "Vàng tăng giá", False),
        ("giá -vàng", "Giá vẫn tăng", True),
        ("gia xang -ma", "Giá xăng tăng mà không ai hay", True),
        ("bão OR hạn", "Hạn kéo dài", True),
        ("bão lũ | hạn hán", "Bão tan", False),
        ("bão lũ | hạn hán", "Hạn hán kéo dài", True),
        ("ma | bao lu", "Mà sao vẫn vắng", False),
        ("ma | bao lu", "Bão gây lũ", True),
        ("bão | lũ -phim", "Phim về bão", False),
        ("* -bóng đá", "Đội bóng đá trường", False),
        ("* -bóng đá", "Quả bóng trên đá", True),
    ],
)
def test_words_match_as_a_reader_of_vietnamese_expects(
    typed: str, title: str, wanted: bool
) -> None:
    assert wants(typed, title) is wanted


@pytest.mark.parametrize(
    ("typed", "source", "wanted"),
    [
        ("source:vnexpress", "VnExpress.net", True),
        ("source:vnexpress", None, False),
        ("nguồn:tuoitre", "VnExpress", False),
        ('bão nguồn:"song thuong"', "Báo Sông Thương", True),
        ('bão nguồn:"sóng thường"', "Báo Sông Thương", False),
        ("nguồn:a nguồn:b", "b", True),
        ("bão -nguồn:vnexpress", "VnExpress", False),
        ("bão -nguồn:vnexpress", None, True),
    ],
)
def test_a_source_is_known_by_the_words_of_its_name(
    typed: str, source: str | None, wanted: bool
) -> None:
    assert wants(typed, "Bão tan", source) is wanted


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("!!!", SubscriptionReason.NO_WORDS),
        ('""', SubscriptionReason.NO_WORDS),
        ("-bóng", SubscriptionReason.ONLY_EXCLUDED),
        ("hoặc", SubscriptionReason.NO_WORDS),
        ("| OR", SubscriptionReason.NO_WORDS),
        ("-bóng | -đá", SubscriptionReason.ONLY_EXCLUDED),
        ("author:khải", SubscriptionReason.UNKNOWN_FIELD),
        ('author:"Khải"', SubscriptionReason.UNKNOWN_FIELD),
        ("bão nguồn:", SubscriptionReason.NO_VALUE),
        ('bão title:""', SubscriptionReason.NO_VALUE),
        ("bão " * TYPED_MAX, SubscriptionReason.TOO_LONG),
        ("b" * (CANONICAL_MAX + 1), SubscriptionReason.TOO_LONG),
        (" ".join(f"b{n}" for n in range(SYLLABLES_MAX + 1)), SubscriptionReason.TOO_MANY_WORDS),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason(
    typed: str, expected: SubscriptionReason
) -> None:
    assert reason(typed) is expected


def test_a_refusal_brings_what_a_sentence_about_it_needs() -> None:
    with pytest.raises(QuestionError, match="unknown_field, field author") as raised:
        parse("author:khải", ANALYSER)
    assert isinstance(raised.value, SubscriptionError)
    assert dict(raised.value.values) == {"field": "author"}


@given(TYPED)
@example('"')
@example("-")
@example("title:*")
@example("mä")
@example("--bão")
@example("bão -source:a title:b 3 -3")
@example("x" * CANONICAL_MAX)
@example('OR "OR" or | "hoặc" title:hoặc -or')
@example("-a | Bão Quảng")
def test_any_text_is_a_wish_or_refused_and_the_canonical_text_gives_the_same_wish(
    text: str,
) -> None:
    try:
        wish = parse(text, ANALYSER)
    except SubscriptionError:
        return
    assert parse(str(wish), ANALYSER) == wish
    assert parse(wish.as_typed, ANALYSER) == wish


@pytest.mark.parametrize(
    ("typed", "text", "bold"),
    [
        ("bao lu", "Bão gây lũ ở Quảng Bình", ["Bão", "lũ"]),
        ("bão lũ Quảng Bình", "Quảng Bình: bão lũ, bình yên", ["Quảng Bình", "bão lũ"]),
        ("công an", "Công an vào cuộc", ["Công an"]),
        ("mà", "Con ma mà", ["mà"]),
        ("hoà bình", unicodedata.normalize("NFD", "Hòa Bình mưa"), ["Hòa Bình"]),
        ("giá source:báo -xăng", "Báo giá xăng", ["giá"]),
        ("bão OR lũ quét", "Bão gây lũ quét, lũ ống", ["Bão", "lũ quét"]),
        ("*", "Bão tan", []),
    ],
)
def test_the_words_asked_for_are_marked_in_a_text(typed: str, text: str, bold: list[str]) -> None:
    spans = alert_highlights(parse(typed, ANALYSER), text)
    marked = [unicodedata.normalize("NFC", text[start:end]) for start, end in spans]
    assert marked == bold


@given(TYPED, st.text(max_size=80))
def test_marked_spans_are_in_order_and_within_the_text(typed: str, text: str) -> None:
    try:
        wish = parse(typed, ANALYSER)
    except SubscriptionError:
        wish = AlertQuery()
    offsets = [offset for span in alert_highlights(wish, text) for offset in span]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bão lũ Quảng Bình", 'Bão + lũ "Quảng Bình"'),
        ("COVID-19 nguồn:VnExpress", '"COVID-19" source:VnExpress'),
        ("ngân hàng Nhà nước -SJC", '"ngân hàng" "Nhà nước" -SJC'),
    ],
)
def test_a_query_keeps_the_capitals_with_which_it_was_typed(typed: str, shown: str) -> None:
    query = parse(typed, ANALYSER)
    assert query.as_typed == shown
    assert str(query) != shown
    assert query == parse(typed.lower(), ANALYSER) or "Quảng" in typed


def test_a_small_or_parts_alternatives_where_it_is_typed_in_english() -> None:
    assert str(parse("Trump or Biden", ANALYSER, english=True)) == "trump OR biden"
    assert str(parse('"truth or dare" or Biden', ANALYSER, english=True)) == (
        '"truth or dare" OR biden'
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bão OR lũ", "lũ | bão"),
        ("bão lũ OR hạn hán", "hạn hán hoặc lũ bão"),
        ("bão OR lũ -phim -kịch", "Lũ OR Bão -kịch -phim"),
        ("nguồn:a nguồn:b bão", "bão nguồn:b nguồn:a"),
    ],
)
def test_queries_are_equal_in_whatever_order_they_are_typed(one: str, other: str) -> None:
    assert parse(one, ANALYSER) == parse(other, ANALYSER)
    assert hash(parse(one, ANALYSER)) == hash(parse(other, ANALYSER))


@pytest.mark.parametrize("other", ["bão", "bão lũ", "bão OR lũ -phim", "bão OR lũ nguồn:a"])
def test_queries_of_other_parts_are_not_equal(other: str) -> None:
    assert parse("bão OR lũ", ANALYSER) != parse(other, ANALYSER)


@pytest.mark.parametrize(
    ("typed", "place", "left"),
    [
        ("bão lũ Quảng Bình", 2, "bão + lũ"),
        ("bão OR lũ", 0, "lũ"),
        ("bão lũ OR bão", 1, "bão"),
        ("bão -phim", 1, "bão"),
        ("bão nguồn:a", 1, "bão"),
        ("bão", 0, "*"),
    ],
)
def test_a_phrase_can_be_left_out_of_a_query(typed: str, place: int, left: str) -> None:
    query = parse(typed, ANALYSER)

    assert str(query.without(query.phrases[place])) == left

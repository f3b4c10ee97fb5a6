"""Sentences: where they end, where they do not, and offsets that always hold."""

import gzip
import json
import time
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.sentences import LENGTH_MAX, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Sáng 5/1, hội nghị khai mạc.", "Ông Cầu dự!", "Ai nữa?", "Không rõ"],
        ["Giá tăng 3.5%.", "Năm 2020.", "Hơn 1.234.567 đồng."],
        ["Anh nói: “Tôi đi.”", "Sau đó anh về."],
        ["Anh hỏi (rất nhỏ.)", "Không ai đáp."],
        ["Não bộ (IQ và EQ)...", "Dù đã gửi đơn, họ chờ."],
        ["Có rau, quả, v.v.", "Giá rẻ."],
        ["Ông sống ở TP.HCM.", "Sau đó ông về quê."],
        ["Bệnh nhân thiếu vitamin C.", "Ngoài ra còn sốt."],
        ["Hung thủ đâm anh T.", "Theo công an, vụ việc đang được điều tra."],
        ["Mọi việc đã xong…", "“Thật ư?”", "- Ông Nam nói."],
        ["Xem tại https://a.vn/b.html.", "Trang này mới."],
        ["Họ thắng 2-1!!!", "Đức thua."],
    ],
)
def test_sentences_end_at_their_stops(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Ông ở TP. Hồ Chí Minh, TX. Dĩ An, TT. Trâu Quỳ, Q. 1, P. Bến Nghé.",
        "PGS.TS. Nguyễn Văn Nam và GS. Lê An, ThS. BS. CKII. Trần Bình dự.",
        "NSND. Trà Giang, NSƯT. Kim Xuân, KTS. Võ Nghĩa, LS. Đinh Hải, Th.S Lê Na cùng dự.",
        "Mr. Smith gặp Dr. No tại St. Petersburg.",
        "Sách của J. K. Rowling và Harry J. Potter.",
        "Ông Nguyễn V. A. bị phạt, ông Trần V. Đức thì không.",
        "Ngày 5.1.2021 có 1.234.567 người, tăng 3,5 lần.",
        "Theo VnExpress.net và Zing.Vn, gửi thư đến Toa.Soan@Bao.vn hoặc https://a.vn/B.Html nhé.",
        "Người U.S. Navy và T.Ư Đoàn ở Q.1, TP.HCM.",
        "1. Mục tiêu chung",
        "a. Mục tiêu riêng",
        "Anh mê đi và... tò mò đến cỡ nào.",
        "“Anh đi đâu?” bà hỏi; “Về!” anh đáp.",
        "Có rau, quả, v.v. và các loại hạt.",
        "Xem tr. 15 và No. 7.",
        "Ông nói (...) rồi thôi.",
    ],
)
def test_a_dot_that_is_no_stop_ends_nothing(text: str) -> None:
    assert sentences(text) == [text]


def test_a_line_end_always_ends_a_sentence() -> None:
    assert sentences("Tiêu đề không chấm\nTP.\r\nHải Dương\n\n  Hết \n") == [
        "Tiêu đề không chấm",
        "TP.",
        "Hải Dương",
        "Hết",
    ]


def test_a_missing_space_is_forgiven_between_a_small_and_a_capitalised_word() -> None:
    assert sentences("Việc đã xong.Sau đó họ về.“Tốt” nhé") == [
        "Việc đã xong.",
        "Sau đó họ về.",
        "“Tốt” nhé",
    ]


def test_a_run_on_is_cut_where_a_reader_would_breathe() -> None:
    text = "một hai ba, bốn năm sáu " * 200
    pieces = sentences(text)
    assert all(LENGTH_MAX // 2 <= len(piece) <= LENGTH_MAX for piece in pieces[:-1])
    assert all(piece.endswith(",") for piece in pieces[:-1])
    assert " ".join(pieces) == text.strip()


def test_even_one_endless_word_is_cut() -> None:
    assert [len(piece) for piece in sentences("a" * 3000)] == [1200, 1200, 600]


@given(st.text(alphabet='aAđĐ1. .. ?!…"”“()\n\t,;-\u2028\ufeff\U0001f600\ud800', max_size=200))
def test_spans_are_ordered_stripped_and_leave_out_only_white_space(text: str) -> None:
    spans = split_sentences(text)
    assert all(
        text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans
    )
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_any_text_is_covered(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("hostile", ['. "', ".", " ", '"', '."” ', "?! ", ". a", "(.) "])
def test_five_megabytes_of_anything_take_linear_time(hostile: str) -> None:
    text = hostile * (5_000_000 // len(hostile))
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 6


@pytest.mark.slow
def test_gold_sentences_of_real_news_come_out_whole(shared: Path) -> None:
    questions = json.loads((shared / "data" / "news-questions.json").read_text("utf-8"))
    gold = {
        (question["article"], sentence)
        for question in (*questions["questions"], *questions["scoped"])
        for sentence in question["gold"]
    }
    news = shared / "data" / "vietnews-60k.jsonl.gz"
    articles = {each["id"]: each for each in _articles(news, {number for number, _ in gold})}
    in_bodies = [(number, it) for number, it in gold if it != articles[number]["title"]]
    whole = sum(it in sentences(articles[number]["text"]) for number, it in in_bodies)
    assert whole / len(in_bodies) >= 0.98


def _articles(news: Path, wanted: set[str]) -> list[dict[str, str]]:
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        found = (article for article in map(json.loads, lines) if article["id"] in wanted)
        return list(islice(found, len(wanted)))

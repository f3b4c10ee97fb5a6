"""The library as programs use it: articles in, quotes out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Answer, Article, Library, QuestionError, Quote, StorageError
from tests.support.articles import ARTICLES, CONFERENCE, FLOOD
from tests.support.libraries import open_library


def is_exact(quote: Quote) -> bool:
    if quote.start is None or quote.end is None:
        return quote.text == quote.article.title
    return quote.text == quote.article.text[quote.start : quote.end]


def first(answer: Answer) -> str:
    return answer.quotes[0].text


@pytest.mark.parametrize("form", ["txt", "html"])
@pytest.mark.parametrize(
    "question",
    [
        "ai tham dự hội nghị?",
        "Những ai có mặt ở điểm cầu Hải Dương?",
        "ai du hoi nghi",
        "who attended",
        "who attended the conference?",
    ],
)
def test_the_first_page_answers_who_attended(
    shared: Path, tmp_path: Path, form: str, question: str
) -> None:
    page = shared / "articles" / f"hai-duong-2021-01-05.{form}"
    with Library.open(tmp_path) as library:
        assert library.ingest([page]).added == 1
        answer = library.ask(question, limit=20)
    quote = answer.quotes[0]
    assert answer.confident
    assert "đồng chí Lương Văn Cầu" in quote.text
    assert quote.article.published is not None
    assert quote.article.published.isoformat() == "2021-01-05T14:23:00+07:00"
    furniture = ("Thứ ba, ngày 9/3/2021", "Xem với cỡ chữ", "CÁC BÀI VIẾT KHÁC", "Thứ Ba 05/01")
    assert not any(words in found.text for found in answer.quotes for words in furniture)


@pytest.mark.parametrize("question", ["giá vàng hôm nay?", "who won the football match?", "???"])
def test_the_first_page_does_not_answer_everything(
    shared: Path, tmp_path: Path, question: str
) -> None:
    with Library.open(tmp_path) as library:
        library.ingest([shared / "articles" / "hai-duong-2021-01-05.txt"])
        assert not library.ask(question).confident


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Ai dự hội nghị thủy lợi?", "ông Trần Văn Khải"),
        ("ai du hoi nghi thuy loi", "ông Trần Văn Khải"),
        ("Kinh phí thực hiện bao nhiêu?", "42,5 tỷ đồng"),
        ("Vì sao có lũ quét?", "Nguyên nhân là do mưa lớn"),
        ("who won the final match?", "thắng trường Nguyễn Du 3-1"),
        ("Ai ghi hai bàn?", "Phạm Quốc Huy"),
        ("Hoà thuận: trận chung kết ai thắng", "thắng trường Nguyễn Du 3-1"),
    ],
)
def test_the_right_sentence_comes_first(library: Library, question: str, expected: str) -> None:
    assert expected in first(library.ask(question))


def test_quotes_are_exact_and_ranked(library: Library) -> None:
    answer = library.ask("hội nghị lũ trận đấu", limit=20)
    assert all(map(is_exact, answer.quotes))
    scores = [quote.score for quote in answer.quotes]
    assert scores == sorted(scores, reverse=True)
    places = [(quote.article.number, quote.position) for quote in answer.quotes]
    assert len(set(places)) == len(places)


def test_an_empty_library_answers_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path / "new") as library:
        answer = library.ask("ai dự hội nghị?")
    assert (answer.quotes, answer.confident) == ((), False)


def test_a_scope_keeps_to_its_articles(library: Library) -> None:
    flood = library.find("lu-quet")
    assert flood is not None
    answer = library.ask("hội nghị nguyên nhân", scope=[flood.number])
    assert {quote.article.id for quote in answer.quotes} == {"lu-quet"}
    assert library.ask("hội nghị", scope=[999]).quotes == ()


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2023, 9, 4), None, {"lu-quet"}),
        (None, date(2022, 12, 12), {"hoi-nghi"}),
        (date(2022, 12, 12), date(2022, 12, 12), {"hoi-nghi"}),
        (date(2024, 1, 1), None, set()),
    ],
)
def test_days_of_publication_are_days_in_vietnam(
    library: Library, since: date | None, until: date | None, expected: set[str]
) -> None:
    answer = library.ask("hội nghị lũ quét trận đấu", limit=20, since=since, until=until)
    assert {quote.article.id for quote in answer.quotes} == expected


def test_a_source_is_named_in_any_case(library: Library) -> None:
    answer = library.ask("trận lũ hội nghị", limit=20, source="cổng tin THỂ THAO ")
    assert {quote.article.id for quote in answer.quotes} == {"bong-da"}


def test_an_unknown_source_and_a_turned_range_are_said(library: Library) -> None:
    with pytest.raises(QuestionError, match="Báo Lạ"):
        library.ask("lũ", source="Báo Lạ")
    with pytest.raises(QuestionError, match="after"):
        library.ask("lũ", since=date(2023, 2, 1), until=date(2023, 1, 1))


def test_an_updated_article_is_quoted_as_it_is_now(library: Library) -> None:
    report = library.ingest([replace(FLOOD, text="Đính chính: 118 hộ dân bị cô lập.")])
    assert (report.added, report.updated, report.unchanged) == (0, 1, 0)
    answer = library.ask("bao nhiêu hộ dân bị cô lập?", limit=20)
    assert first(answer) == "Đính chính: 118 hộ dân bị cô lập."
    assert not any("120" in quote.text for quote in answer.quotes)


def test_the_same_articles_again_change_nothing(library: Library) -> None:
    before = library.status()
    report = library.ingest(ARTICLES)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 3)
    assert library.status() == before


def test_records_paths_and_articles_are_taken_in_alike(tmp_path: Path) -> None:
    page = tmp_path / "tin.txt"
    page.write_text("Tiêu đề bản tin\n\nBản tin có một câu ở đây.", encoding="utf-8")
    record = {"title": "Tin khác", "text": "Nội dung khác.", "published": "2024-02-30"}
    with Library.open(tmp_path / "data") as library:
        report = library.ingest([CONFERENCE, page, {"title": "Một", "text": "Hai."}, record])
    assert report.added == 3
    assert [rejection.input for rejection in report.rejected] == ["record 4"]
    assert "2024-02-30" in report.rejected[0].reason


def test_a_sentence_can_be_looked_up_again_with_its_neighbours(library: Library) -> None:
    quote = library.ask("Nguyên nhân lũ quét?").quotes[0]
    again = library.quote(quote.article.number, quote.position, "Nguyên nhân lũ quét?")
    assert again is not None
    assert (again.text, again.highlights) == (quote.text, quote.highlights)
    around = library.sentences(quote.article.number, quote.position - 1, quote.position + 9)
    assert [found.position for found in around] == [2, 3, 4]
    assert library.quote(quote.article.number, 99) is None
    assert library.quote(99, 1) is None
    assert library.sentences(99, 0, 3) == []


def test_two_libraries_on_one_folder_see_each_other(library: Library) -> None:
    with Library.open(library.folder) as other:
        other.ingest([Article(id="moi", title="Tin mới", text="Đàn voi về bản Đôn.")])
    assert "voi" in first(library.ask("voi ở đâu?"))


def test_many_threads_may_ask_and_ingest_at_once(library: Library) -> None:
    def work(number: int) -> None:
        library.ingest([Article(id=f"t{number}", title="Tin", text=f"Con số {number}.")])
        for _ in range(5):
            assert "120 hộ" in first(library.ask("bao nhiêu hộ dân bị cô lập?"))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert library.status().articles == 9
    assert library.status().behind == 0


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("x")
    with pytest.raises(StorageError, match="note"):
        Library.open(path)


@settings(max_examples=30)
@given(
    title=st.text(max_size=40),
    text=st.text(st.sampled_from("aàđê.!?…“” \n\tTP.GS123,;:-v.v🙂é\u0301\u200b"), max_size=200),
)
def test_every_quote_is_a_substring_of_its_article_at_its_offsets(title: str, text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, open_library(Path(folder)) as library:
        library.ingest([{"title": title, "text": text}])
        for article in library.latest():
            everything = library.sentences(article.number, 0, 1000)
            assert all(map(is_exact, everything))
        assert all(map(is_exact, library.ask(text[:50], limit=50).quotes))


@pytest.mark.parametrize("question", ["ai tham dự hội nghị?", "thiet hai bao nhieu", "lũ ở đâu"])
def test_a_folder_answers_the_same_when_it_is_opened_again(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, ARTICLES) as library:
        answers = [library.ask(question) for _ in range(2)]
    with Library.open(tmp_path) as library:
        answers.append(library.ask(question))
    timeless = [replace(answer, milliseconds=0.0) for answer in answers]
    assert timeless[0].quotes
    assert timeless[1:] == timeless[:1] * 2

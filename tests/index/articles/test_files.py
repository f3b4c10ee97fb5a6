import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.articles.readers import files
from index.articles.readers.files import read, total_size
from index.articles.readers.html import read_html_page
from index.errors import PROGRAM_ERRORS
from index.models.article import Article, Rejection

PAGE = "Thông xe cầu Bến Sỏi\n05/01/2021 14:23\nSáng nay cầu Bến Sỏi đã được thông xe.\n"
HTML = (
    '<html><head><meta charset="utf-8"></head><body><h1>Thông xe cầu Bến Sỏi</h1>'
    "<p>05/01/2021 14:23</p><p>Sáng nay cầu Bến Sỏi đã được thông xe.</p></body></html>"
)


def line(number: int, **fields: object) -> str:
    return json.dumps({"title": f"Tin {number}", "text": f"Câu {number}."} | fields) + "\n"


def read_lines(data: bytes) -> list[Article | Rejection]:
    return list(read(["-"], stdin=io.BytesIO(data)))


def titles(found: list[Article | Rejection]) -> list[str]:
    return [item.title if isinstance(item, Article) else f"! {item.input}" for item in found]


def test_text_and_html_files_give_the_same_article_with_origin_and_source(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.HTML").write_text(HTML, encoding="utf-8")
    text, html = read([tmp_path / "a.txt", str(tmp_path / "b.HTML")])
    assert isinstance(text, Article)
    assert isinstance(html, Article)
    assert (text.title, text.text, text.published) == (html.title, html.text, html.published)
    assert (text.origin, text.source) == (str(tmp_path / "a.txt"), None)
    assert (html.origin, html.source) == (str(tmp_path / "b.HTML"), None)


def test_a_folder_is_read_through_in_sorted_order_passing_over_other_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("z.txt", "b/a.txt", ".secret.txt", ".hidden/a.txt", "notes.docx", "README.md"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(line(1))
    found = list(read([tmp_path]))
    assert [item.origin for item in found if isinstance(item, Article)] == [
        None,
        str(tmp_path / "z.txt"),
        str(tmp_path / "b" / "a.txt"),
    ]
    assert len(found) == 3


def test_json_lines_plain_and_gzipped_give_the_same_articles(tmp_path: Path) -> None:
    data = "".join(line(n) for n in range(3)).encode()
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + data)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data))
    assert titles(list(read([tmp_path / "a.jsonl"]))) == ["Tin 0", "Tin 1", "Tin 2"]
    assert titles(list(read([tmp_path / "a.jsonl.gz"]))) == ["Tin 0", "Tin 1", "Tin 2"]


def test_the_source_is_the_record_s_or_else_the_host(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    url = "https://www.songthuong.example/1"
    path.write_text(line(1, source="Báo", url=url) + line(2, url=url) + line(3))
    sources = [item.source for item in read([path]) if isinstance(item, Article)]
    assert sources == ["Báo", "songthuong.example", None]


def test_standard_input_is_json_lines_without_a_source_of_its_own() -> None:
    assert read_lines(line(1).encode()) == [Article(title="Tin 1", text="Câu 1.")]


def test_broken_json_on_line_seven_is_named_and_the_next_lines_go_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(line(n) for n in range(1, 7)) + '{"title": "x",}\n' + line(8))
    found = list(read([path]))
    assert titles(found) == [*(f"Tin {n}" for n in range(1, 7)), f"! {path}, line 7", "Tin 8"]
    rejection = found[6]
    assert isinstance(rejection, Rejection)
    assert rejection.reason.startswith("not valid JSON: ")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[1, 2]", "not a JSON object"),
        (b'"a"', "not a JSON object"),
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"1" * 5000, "not valid JSON"),
        (b'{"title": "\xe1\xbb"}', "not UTF-8 at byte 12 of the line; save it as UTF-8"),
        (b'{"title": 5}', "title: expected text, got number"),
        (b'{"title": "\\ud800"}', "half a character"),
        (b'{"title": "a", "text": "a", "published": "2021-02-31"}', "is not a date"),
        (b"\x00\x01\x02", "not valid JSON"),
    ],
)
def test_a_bad_line_is_rejected_with_its_reason(data: bytes, reason: str) -> None:
    bad, good = read_lines(data + b"\n\n" + line(3).encode())
    assert isinstance(bad, Rejection)
    assert bad.input == "standard input, line 1"
    assert reason in bad.reason
    assert isinstance(good, Article)


def test_a_line_that_is_too_long_is_rejected_and_the_next_is_read() -> None:
    long = b'{"text": "' + b"a" * 10_000_001 + b'"}\n'
    found = read_lines(line(1).encode() + long + line(3).encode())
    assert titles(found) == ["Tin 1", "! standard input, line 2", "Tin 3"]


def test_cut_gzip_data_keeps_what_was_read_and_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    data = gzip.compress("".join(line(n, text=os.urandom(50).hex()) for n in range(500)).encode())
    path.write_bytes(data[: len(data) // 2])
    *good, last = read([path])
    assert good
    assert all(isinstance(item, Article) for item in good)
    assert isinstance(last, Rejection)
    assert last.input == f"{path}, line {len(good) + 1}"
    assert "cut short or damaged" in last.reason


def test_a_plain_file_that_is_named_as_gzip_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_text(line(1))
    (rejection,) = read([tmp_path / "a.jsonl.gz"])
    assert isinstance(rejection, Rejection)
    assert rejection.input == str(tmp_path / "a.jsonl.gz")
    assert rejection.reason == "it is no gzip file; compress it, or name it without .gz"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_lines_in_utf_16_are_one_rejection_that_says_what_to_do(encoding: str) -> None:
    (rejection,) = read_lines((line(1) + line(2)).encode(encoding))
    assert rejection == Rejection("standard input", "it is in UTF-16; save it as UTF-8")


@pytest.mark.parametrize(
    "data", [b"not gzip", b"\x1f\x8b\x08", b"\x1f\x8b\x08\0\0\0\0\0\0\x03garbage"]
)
def test_what_is_not_gzip_is_one_rejection(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    (rejection,) = read([tmp_path / "a.jsonl.gz"])
    assert isinstance(rejection, Rejection)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "it is empty"),
        ("a.html", b"", "it is empty"),
        ("a.txt", b"\x89PNG\r\n\0\0", "a PNG picture"),
        ("a.html", b"<html><body></body></html>", "no article"),
        ("a.txt", "Héi nghÞ giao ban Bé C«ng an".encode(), "TCVN3"),
        ("a.docx", b"abc", "an unknown kind of file"),
        ("a.json", b"{}", "an unknown kind of file"),
    ],
)
def test_a_bad_file_is_one_rejection_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (rejection,) = read([tmp_path / name])
    assert isinstance(rejection, Rejection)
    assert rejection.input == str(tmp_path / name)
    assert reason in rejection.reason


def test_a_200_mb_page_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    (rejection,) = read([path])
    assert isinstance(rejection, Rejection)
    assert "200 MB: more than 20 MB" in rejection.reason


def test_missing_files_empty_folders_and_odd_files_are_one_rejection_each(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    names = ["missing.txt", "empty", "loop.txt", "pipe.txt"]
    found = list(read([tmp_path / name for name in names]))
    assert [item.input for item in found if isinstance(item, Rejection)] == [
        str(tmp_path / name) for name in names
    ]
    reasons = [item.reason for item in found if isinstance(item, Rejection)]
    assert reasons[0] == "it cannot be read: no such file or directory"
    assert reasons[1].startswith("no articles in this folder")
    assert reasons[3] == "it is not a file"


@pytest.mark.parametrize("error", [kind for kind in PROGRAM_ERRORS if kind is not OSError])
def test_an_unforeseen_error_costs_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Of any kind: RecursionError and UnicodeError are among these."""
    for name in ("a.html", "b.html", "c.txt"):
        (tmp_path / name).write_text(HTML if name[0] != "c" else PAGE, encoding="utf-8")

    def fail_at_first(data: bytes) -> Article:
        monkeypatch.setattr(files, "read_html_page", read_html_page)
        raise error("half a letter")

    monkeypatch.setattr(files, "read_html_page", fail_at_first)
    rejection, *articles = read([tmp_path])
    assert isinstance(rejection, Rejection)
    assert rejection.input == str(tmp_path / "a.html")
    assert rejection.reason.startswith("it cannot be read: an error in this program")
    assert [type(article) for article in articles] == [Article, Article]


def test_a_loop_of_folders_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(list(read([tmp_path]))) == 1


def test_progress_adds_up_to_the_total_size(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.html").write_text(HTML, encoding="utf-8")
    (tmp_path / "c.jsonl").write_text("".join(line(n) for n in range(5000)))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(line(1).encode()))
    told: list[int] = []
    list(read([tmp_path], on_progress=told.append))
    assert sum(told) == total_size([tmp_path, "-", tmp_path / "missing.txt"])
    assert len(told) > 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)))
def test_texts_come_back_from_json_lines_as_they_were(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.jsonl"
    records = [json.loads(line(n, text=f"{text}.")) for n, text in enumerate(texts)]
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_text("".join(lines) or "\n", "utf-8")
    found = list(read([path]))
    assert len(found) == len(texts)
    for item, record in zip(found, records, strict=True):
        expected = parse_expected(record["text"])
        assert isinstance(item, Rejection) or item.text == expected


def parse_expected(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text) if text.strip() else ""

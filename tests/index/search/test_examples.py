"""Example questions: what templates make of an article, and which of them it answers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index import Article, Library
from index.search.examples.proposals import propose_questions
from tests.support.libraries import open_library

FLOOD = Article(
    title="Cháy chợ ở Mường Lống vì chập điện",
    text=(
        "Vụ cháy xảy ra lúc 2 giờ ngày 4/6 tại chợ Mường Lống. "
        "Vụ cháy làm 3 người bị thương và thiêu rụi 40 gian hàng. "
        "Nguyên nhân vụ cháy là do chập điện ở gian bán vải. "
        "Ông Vừ Bá Tồng, chủ tịch UBND xã Mường Lống, cho biết chợ sẽ mở lại vào tháng 8."
    ),
)
OTHER = Article(
    title="Chợ phiên ở Sín Chải đông khách",
    text="Chợ phiên Sín Chải đón 900 khách mỗi tuần. Chợ mở vào Chủ nhật.",
)
ROCKET = Article(
    title="Nga bán 4 tàu hộ vệ cho Ấn Độ",
    text="Nga ký hợp đồng bán 4 tàu hộ vệ cho Ấn Độ ngày 7/5. Tàu đầu tiên được giao năm sau.",
)


def questions(title: str, *sentences: str) -> list[str]:
    return [question.text for question in propose_questions(title, sentences)]


def asked(library: Library, number: int, *, within: bool = False) -> Sequence[str]:
    return [example.text for example in library.examples(number, within=within)]


class TestTemplates:
    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("Người dân Sín Chải bỏ ruộng vì thiếu nước", "Vì sao người dân Sín Chải bỏ ruộng?"),
            ("Lý do Na Uy dừng xuất khẩu cá hồi", "Vì sao Na Uy dừng xuất khẩu cá hồi?"),
            ("Vì sao giá cà phê Buôn Hồ tăng?", "Vì sao giá cà phê Buôn Hồ tăng?"),
            ("Nga bán 4 tàu hộ vệ cho Ấn Độ", "Nga bán bao nhiêu tàu hộ vệ cho Ấn Độ?"),
            ("Nga bán 4 tàu hộ vệ cho Ấn Độ", "Nước nào bán 4 tàu hộ vệ cho Ấn Độ?"),
            (
                "Tổng doanh thu của Hoa Ban tăng 9% trong quý một",
                "Tổng doanh thu của Hoa Ban tăng bao nhiêu phần trăm trong quý một?",
            ),
            (
                "Ông Trần Văn Khải tiếp quản nhà máy đường",
                "Ông Trần Văn Khải tiếp quản nhà máy đường khi nào?",
            ),
            (
                "Bà Lê Thị Mận được bầu làm hội trưởng Hội Nghề cá",
                "Ai được bầu làm hội trưởng Hội Nghề cá?",
            ),
        ],
    )
    def test_make_a_title_a_question(self, title: str, expected: str) -> None:
        assert expected in questions(title)

    @pytest.mark.parametrize(
        ("sentence", "expected"),
        [
            (
                "Bà Vi Thị Sen, giám đốc bệnh viện Mường Lống, nói thuốc đã đủ.",
                "Ai là giám đốc bệnh viện Mường Lống?",
            ),
            (
                "Tòa tuyên phạt bị cáo Hà Văn Bẩy 4 năm tù.",
                "Hà Văn Bẩy bị phạt bao nhiêu năm tù?",
            ),
            ("Bão làm 12 người bị thương.", "Có bao nhiêu người bị thương?"),
            (
                "Đến dự hội nghị nông dân Sín Chải tại nhà văn hóa có ông Giàng A Páo.",
                "Ai dự hội nghị nông dân Sín Chải?",
            ),
            ("Nguyên nhân vụ cháy là do chập điện.", "Nguyên nhân vụ cháy là gì?"),
            ("Dự án có tổng mức đầu tư 80 tỷ đồng.", "Tổng mức đầu tư là bao nhiêu?"),
        ],
    )
    def test_ask_for_what_a_sentence_tells(self, sentence: str, expected: str) -> None:
        assert expected in questions("Tin trong ngày", sentence)

    @pytest.mark.parametrize(
        "title",
        [
            "Bí thư Sín Chải sẽ do Hội đồng chọn",  # an agent is no reason
            "Con tàu do Na Uy sản xuất",
            "Thôn Na Uy muốn thăm Sín Chải",  # it has not happened
            "Làm gì khi giá cà phê Buôn Hồ tăng?",
            "Người đàn ông Sín Chải giết vợ vì ghen",  # nobody greets with that
            "“Nga bán 4 tàu hộ vệ”",
            "",
            "?" * 500,
        ],
    )
    def test_leave_alone_what_would_be_silly(self, title: str) -> None:
        assert questions(title) == []

    def test_say_nothing_where_an_article_has_two_numbers_of_victims(self) -> None:
        assert questions("Mưa bão", "Bão làm 2 người chết.", "Lũ làm 5 người chết.") == []


class TestTrial:
    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[Library]:
        with open_library(tmp_path, (FLOOD, OTHER, ROCKET)) as library:
            yield library

    def test_keeps_what_an_article_answers_everywhere(self, library: Library) -> None:
        found = asked(library, 1)

        assert "Ai là chủ tịch UBND xã Mường Lống?" in found
        assert "Có bao nhiêu người bị thương?" not in found  # only its article tells where
        for question in found:
            answer = library.ask(question)
            assert answer.confident
            assert answer.quotes[0].article.number == 1

    def test_keeps_what_is_understood_within_the_article(self, library: Library) -> None:
        told = {each.text: each.position for each in library.examples(1, within=True)}

        assert told["Có bao nhiêu người bị thương?"] == 2
        assert told["Vụ cháy xảy ra khi nào?"] == 1

    def test_makes_none_of_an_article_without_or_that_is_gone(self, library: Library) -> None:
        assert asked(library, 2) == []
        assert asked(library, 99) == []

    def test_leaves_out_what_another_article_answers_better(self, tmp_path: Path) -> None:
        asks = "Ai là giám đốc công ty đóng tàu Sín Chải?"
        passing = Article(
            title="Giá tàu sẽ tăng",
            text="Bà Vi Thị Sen, giám đốc công ty đóng tàu Sín Chải, nói giá sẽ tăng.",
        )
        better = Article(
            title="Công ty đóng tàu Sín Chải mở xưởng",
            text="Ông Lò Văn Tâm là giám đốc công ty đóng tàu Sín Chải từ năm 2019.",
        )
        with open_library(tmp_path / "two", (passing, better)) as library:
            assert asks not in asked(library, 1)
            assert asks in asked(library, 1, within=True)

    def test_leaves_out_what_is_not_answered_for_sure(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert asked(library, 1)
        monkeypatch.setattr("index.search.confidence.ANSWER_FROM", 1.1)
        assert asked(library, 1) == []

    def test_takes_the_title_for_an_answer_only_if_it_says_what_was_left_out(
        self, tmp_path: Path
    ) -> None:
        articles = (
            Article(title="Dân Sín Chải bỏ ruộng vì thiếu nước", text="Ruộng khô đã lâu."),
            Article(title="Lý do Na Uy dừng xuất khẩu cá hồi", text="Cá hồi đang được mùa."),
        )
        with open_library(tmp_path / "titles", articles) as library:
            assert asked(library, 1) == ["Vì sao dân Sín Chải bỏ ruộng?"]
            assert asked(library, 2) == []

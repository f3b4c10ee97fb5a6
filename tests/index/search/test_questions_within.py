"""Short questions by kind within one article: the right sentence, or honestly none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Answer, Article, Certainty
from tests.support.articles import ARTICLES
from tests.support.libraries import open_library

Ask = Callable[[str, str], Answer]
"""Ask a question of the article with a title."""

FIRE = Article(
    title="Cháy chợ Mường Lống",
    text=(
        "Chợ Mường Lống là chợ lớn nhất huyện, họp mỗi ngày. "
        "Vụ cháy xảy ra lúc 2 giờ ngày 4/6 tại chợ Mường Lống. "
        "Vụ cháy làm 2 người chết, 3 người bị thương. "
        "Thiệt hại ước tính 12 tỷ đồng. "
        "Nguyên nhân ban đầu là do chập điện ở gian bán vải. "
        "“Chúng tôi sẽ dựng lại chợ trong tháng này”, ông Trần Văn Khải, Chủ tịch UBND xã, nói. "
        "Tiểu thương mong chợ sớm mở cửa."
    ),
    url="https://bao.example/chay-cho.html",
)
HOPES = Article(
    title="Tiểu thương mong chợ sớm mở cửa",
    text=(
        "Nhiều người mong chợ sớm mở cửa. Cư dân quanh vùng cũng chờ đợi. "
        "Hàng hóa đang được thu dọn."
    ),
    url="https://bao.example/mong-cho.html",
)
QUESTIONS = {
    2: (
        *("khi nào", "khi nao", "lúc nào?", "bao giờ", "ngày nào", "hôm nào", "when?"),
        *("mấy giờ", "lúc mấy giờ", "luc may gio", "mấy giờ vậy", "what time"),
        *("ở đâu", "o dau", "tại đâu", "chỗ nào", "nơi nào", "where?"),
    ),
    3: ("mấy người chết", "may nguoi chet", "mấy người", "bao nhiêu người", "how many died"),
    4: ("bao nhiêu tiền", "hết bao nhiêu tiền", "mất bao nhiêu tiền", "how much"),
    5: ("vì sao", "tai sao", "sao vậy", "nguyên nhân", "do đâu", "lý do", "why"),
    6: ("ai nói", "ai noi", "ai nói thế", "ai", "who said that"),
}
"""Questions by the position of the sentence of the fire that answers them."""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    folder: Path = tmp_path_factory.mktemp("library")
    with open_library(folder, (*ARTICLES, FIRE, HOPES)) as library:
        numbers = {article.title: article.number for article in library.latest(9)}
        yield lambda question, title: library.ask(question, scope=(numbers[title],))


@pytest.mark.parametrize(
    ("question", "position"),
    [(question, position) for position, asked in QUESTIONS.items() for question in asked],
)
def test_a_short_question_is_answered_by_the_sentence_of_its_kind(
    ask: Ask, question: str, position: int
) -> None:
    answer = ask(question, FIRE.title)

    assert answer.quotes[0].position == position
    assert answer.certainty is not Certainty.NONE


@pytest.mark.parametrize("question", [each for asked in QUESTIONS.values() for each in asked])
def test_an_article_without_an_answer_of_the_kind_gives_none(ask: Ask, question: str) -> None:
    assert ask(question, HOPES.title).certainty is Certainty.NONE


@pytest.mark.parametrize("question", ["mấy giờ", "lúc mấy giờ?", "may gio", "what time?"])
def test_a_day_is_no_answer_to_the_time_of_the_day(ask: Ask, question: str) -> None:
    assert ask(question, ARTICLES[2].title).certainty is Certainty.NONE
    assert ask("ngày nào", ARTICLES[2].title).certainty is Certainty.MAYBE


def test_what_is_counted_is_counted_itself(ask: Ask) -> None:
    assert ask("mấy cây cầu", ARTICLES[1].title).quotes[0].text.startswith("Hai cây cầu")
    assert ask("mấy bàn", ARTICLES[2].title).quotes[0].text.endswith("ghi hai bàn.")

import random
from collections.abc import Sequence

import pytest
from lxml import html

from index.articles.readers.encoding import decode
from tests.support import paths
from tests.support.page_corpus import (
    CorpusPage,
    Expected,
    Reading,
    SentenceScore,
    judge,
    load_pages,
    read_page,
    score_sentences,
    total,
)
from tests.support.page_mutations import CHANGES, move_side_blocks, mutants, mutate

PAGES = load_pages(paths.PAGES)
MOST_LOST = 0.03  # of precision and recall, by mutation

EXPECTED = Expected.from_json(
    {
        "title": "Cầu Bến Sỏi thông xe",
        "published": "2021-03-12T07:30:00+07:00",
        "author": "Thu Hà",
        "sentences": ["Cầu dài 486,5 m.", "Phà cũ nghỉ.", "Cầu dài 486,5 m."],
        "optional": ["Ảnh: Thu Hà", "Bắc Giang", "Bắc Giang Xe qua cầu.", "Xe qua cầu."],
        "absent": ["Đọc thêm"],
        "any_of": [[["Bắc Giang Xe qua cầu."], ["Bắc Giang", "Xe qua cầu."]]],
    }
)
RIGHT = ["Bắc Giang Xe qua cầu.", "Cầu dài\n486,5 m.", "Phà cũ nghỉ.", "Cầu dài 486,5 m."]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_read_as_a_person_sees_it(page: CorpusPage) -> None:
    assert judge(page.expected, read_page(page.data)) == []


@pytest.mark.slow
def test_mutated_pages_keep_their_sentences() -> None:
    by_name = {page.name: score(page) for page in PAGES}
    mutated = list(mutants(PAGES, 100, seed=16))
    before = total(by_name[mutant.page.name] for mutant in mutated)
    after = total(score(mutant.page) for mutant in mutated)
    assert after.precision >= before.precision - MOST_LOST
    assert after.recall >= before.recall - MOST_LOST


def score(page: CorpusPage) -> SentenceScore:
    return score_sentences(page.expected, read_page(page.data).sentences)


def test_the_corpus_is_there() -> None:
    assert len(PAGES) >= 70


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_alters_pages_but_not_their_text(change: str) -> None:
    altered = 0
    for page in PAGES:
        draw = random.Random(page.name)
        plain, changed = (mutate(page, made, draw).page.data for made in ([], [change]))
        altered += plain != changed
        before, after = text_of(plain), text_of(changed)
        if CHANGES[change] is move_side_blocks:
            before, after = sorted(before), sorted(after)
        assert after == before, page.name
    assert altered > len(PAGES) / 10


def text_of(data: bytes) -> Sequence[str]:
    tree = html.document_fromstring(decode(data))
    texts = tree.find("body").xpath(".//text()[not(parent::script or parent::style)]")
    return "".join("".join(texts).split())


def test_mutants_are_the_same_for_the_same_seed() -> None:
    assert list(mutants(PAGES, 9, seed=1)) == list(mutants(PAGES, 9, seed=1))
    assert list(mutants(PAGES, 9, seed=1)) != list(mutants(PAGES, 9, seed=2))


@pytest.mark.parametrize(
    ("sentences", "figures", "faults"),
    [
        (RIGHT, (4, 4, 4), 0),
        (["Bắc Giang", "Xe qua cầu.", *RIGHT[1:], "Ảnh: Thu Hà"], (4, 4, 4), 0),
        (["Xe qua cầu.", *RIGHT[1:]], (3, 3, 4), 1),
        (RIGHT[:3], (3, 3, 4), 1),
        ([*RIGHT, "Đọc thêm: Phà Đuống"], (4, 5, 4), 2),
        ([*RIGHT, "Phà cũ nghỉ."], (4, 5, 4), 1),
        ([RIGHT[0], RIGHT[1], RIGHT[3], RIGHT[2]], (4, 4, 4), 1),
        ([], (0, 0, 4), 4),
    ],
    ids="right optional any_of missing absent twice order nothing".split(),
)
def test_sentences_are_judged_whole(
    sentences: list[str], figures: tuple[int, int, int], faults: int
) -> None:
    found = score_sentences(EXPECTED, sentences)
    assert (found.right, found.found, found.wanted) == figures
    assert len(found.faults) == faults


def test_title_date_and_author_are_judged() -> None:
    right = Reading(EXPECTED.title, EXPECTED.published, EXPECTED.author, RIGHT)
    assert judge(EXPECTED, right) == []
    wrong = Reading("Đọc thêm", None, "Thu Hà ghi", RIGHT)
    assert [fault.split()[0] for fault in judge(EXPECTED, wrong)] == [
        "title:",
        "date:",
        "author:",
        "in",
    ]
    assert judge(EXPECTED, Reading(rejected="no article")) == ["rejected: no article"]

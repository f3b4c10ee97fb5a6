"""The segmenter against its oracle: pyvi itself, as published."""

import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from unittest.mock import Mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.language import segmenter
from index.language.segmenter import WordModel, joins, token_spans
from index.language.sentences import split_sentences
from tests.support.segmenting import segment

PROSE = """\
Sáng 5/1/2021, Thủ tướng Chính phủ chủ trì hội nghị trực tuyến tại 63 điểm cầu trong cả nước.
Dự hội nghị tại điểm cầu tỉnh có đồng chí Trần Minh Khôi, Phó Chủ tịch UBND tỉnh, và PGS.TS. Lê An.
Giá xăng RON 95 tăng 1.250 đồng/lít, lên 21.430 đồng, từ 15h chiều nay (12/3).
"Chúng tôi không ngạc nhiên", bà nói; "năm nào cũng thế..." rồi bà cười.
Đội tuyển Việt Nam thắng 3-0, Quang Hải ghi hai bàn ở phút 12 và 90+2.
Dịch COVID-19 khiến 3,2 triệu người phải nghỉ việc, theo báo cáo của Tổng cục Thống kê.
TP.HCM và TP. Hà Nội hoà mạng 5G; xem https://bao.example/tin-tuc?id=5#a, hỏi toasoan@bao.example.
Nước lũ lên nhanh, hơn 2.000 ngôi nhà bị ngập; người dân xã Hoà Bình phải sơ tán trong đêm.
Mr. Smith -> ông Smith ==> khách mời >> diễn giả của "Diễn đàn kinh tế xanh" (lần thứ IV).
Học sinh lớp 10A1 Trường THPT Nguyễn Thị Minh Khai đạt 9.5 điểm môn Toán, 8_5 điểm môn Văn.
"""

HOSTILE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắặầấậèéẹềếệìíịòóọồốộờớợùúụừứựỳýỵ"
    "AĂÂBCDĐEÊTPHMr "
    ".,;:!?…\"'“”()[]{}<>=-–—/\\@#$%^&*_+~`|0123456789"
    "\n\t\u200b\u0301\u0323\U0001f600²İß"
)


@pytest.fixture(scope="module")
def oracle() -> Callable[[str], str]:
    with warnings.catch_warnings():
        # pyvi's pattern strings and its old pickle warn at import; neither is ours to mend.
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer
    tokenize: Callable[[str], str] = ViTokenizer.tokenize
    return tokenize


@pytest.mark.slow
def test_real_news_is_segmented_as_pyvi_does(
    oracle: Callable[[str], str], real_news: list[str]
) -> None:
    split = (text[start:end] for text in real_news for start, end in split_sentences(text))
    sentences = list(islice(split, 3_000))
    assert len(sentences) == 3_000
    assert [segment(each) for each in sentences] == [oracle(each) for each in sentences]


@pytest.mark.parametrize(
    "text", [*PROSE.splitlines(), PROSE, "", " ", "\n", "\t x", "...", "_", "__a_1"]
)
def test_prose_is_segmented_as_pyvi_does(oracle: Callable[[str], str], text: str) -> None:
    assert segment(text) == oracle(text)


@settings(max_examples=400)
@given(st.text(alphabet=HOSTILE, max_size=80))
@example("TP.HCM@x.vn éabc@x.y ......@x.y a.b.c@@x.y A.A.@x.y 1.5_3@q.w é@x.y a@b.c@d.e @a.b")
@example("hội\nnghị ho\u0300a\u0323 -> a://b c")
def test_hostile_text_is_segmented_as_pyvi_does(oracle: Callable[[str], str], text: str) -> None:
    assert segment(text) == oracle(text)


@given(st.text(alphabet=st.characters(), max_size=60))
@example("\ud800 Hội nghị \x00 \udfff")
def test_whatever_the_text_is_it_is_segmented(oracle: Callable[[str], str], text: str) -> None:
    ours = segment(text)
    if any("\ud800" <= character <= "\udfff" for character in text):
        return  # pyvi itself gives up on a lone surrogate
    assert ours == oracle(text)


def test_words_are_joined_tokens() -> None:
    assert segment("Dự hội nghị, 5/1") == "Dự hội_nghị , 5 / 1"
    assert joins([]) == []


@given(st.text(alphabet="ab.@-_ \nA", max_size=60))
def test_token_spans_leave_out_nothing_but_white_space(text: str) -> None:
    spans = token_spans(text)
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(
        text.split()
    )


def test_threads_share_one_model_also_when_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = PROSE.splitlines() * 20
    alone = [segment(line) for line in lines]
    loaded = Mock(wraps=WordModel)
    monkeypatch.setattr(segmenter, "_word_model", cache(loaded))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(segment, lines)) == alone
    assert loaded.call_count == 1


def test_neither_scikit_learn_nor_pyvi_is_imported() -> None:
    program = (
        "import sys; from index.language.segmenter import joins; "
        "assert joins('Hội nghị hôm nay'.split()) == [False, True, False, True]; "
        "print({'sklearn', 'scipy', 'sklearn_crfsuite', 'pyvi'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"

"""Of an article, a question of each kind gets the sentence that answers it, not the lead."""

from collections.abc import Iterator

import pytest

from index import Article, Library
from tests.support.libraries import open_library

TUNNEL = Article(
    id="ham",
    title="Thông hầm Đồi Mây nối Sơn Trà với Lũng Cú",
    text=(
        "Sáng 3/4/2023, hầm Đồi Mây xuyên núi Mây chính thức thông xe, rút ngắn đường từ Sơn Trà "
        "sang Lũng Cú từ 42 km xuống 9 km.\n"
        "Hầm dài 2.150 m, cao 7 m, được đào từ ngày 12/2/2019. "
        "Tổng vốn đầu tư là 3.260 tỷ đồng, vượt dự toán 210 tỷ đồng.\n"
        "Công trình hoàn thành muộn một năm do nền đá yếu và thiếu thợ khoan. "
        "Chị Tư Lành bán nước đầu đèo nói: “Tôi vui nhưng lo, vì khách qua đèo không còn.”\n"
        "Đơn vị thi công đã huy động 315 thợ mỏ làm việc ngày đêm. "
        "Trong tháng đầu, hầm chỉ cho phép ô tô dưới 9 chỗ đi vào.\n"
        "Kỹ sư Đỗ Văn Nghĩa được bầu là người thợ giỏi nhất công trường."
    ),
)
TOUR = Article(
    id="le-hoi",
    title="Hòn Sẻ đón 61.000 lượt khách trong mùa hè",
    text=(
        "Ba tháng hè, đảo Hòn Sẻ đón 61.000 lượt khách, tăng 12% so với năm ngoái.\n"
        "Khách nước ngoài có 4.300 lượt, đông nhất là khách Thái Lan.\n"
        "Video: Bãi cát Hòn Sẻ nhìn từ trên cao.\n"
        "Theo Công an huyện Vân Hải, chưa ghi nhận vụ đuối nước nào.\n"
        "Trạm y tế đóng tại thôn Cồn Bắc, gần bến tàu."
    ),
)
COUNCIL = Article(
    id="hoi-dong",
    title="Hội đồng xã Lũng Cú bàn về chợ phiên",
    text=(
        "Kỳ họp chiều 7/6 của hội đồng xã Lũng Cú bàn về chợ phiên. "
        "Ông Lù Seo Páo hỏi vì sao chợ mới chậm mở. "
        "Chủ tịch xã trả lời rằng chợ chậm mở do đường vào chưa thông."
    ),
)

FISH = Article(
    id="ca-chet",
    title="Cá ở hồ Bàu Sen chết do nước thải",
    text=(
        "Sáng 9/5, hồ Bàu Sen trắng xác cá.\n"
        "Cá chết nhiều đến mức công nhân vớt ba ngày chưa hết.\n"
        "Hồ nằm trong dự án do Quỹ Môi trường Xanh tài trợ.\n"
        "Ba nhóm với 46 tình nguyện viên đã dọn hồ suốt tuần.\n"
        "Mỗi người tham gia được phát hai đôi găng."
    ),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("kinds")
    with open_library(folder, (TUNNEL, TOUR, COUNCIL, FISH)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("hầm Đồi Mây dài bao nhiêu?", "dài 2.150 m"),
        ("ham doi may dai bn", "dài 2.150 m"),
        ("how long is the Đồi Mây tunnel?", "dài 2.150 m"),
        ("hầm Đồi Mây cao mấy mét", "cao 7 m"),
        ("hầm Đồi Mây tốn bao nhiêu tiền?", "3.260 tỷ đồng"),
        ("how much did the tunnel cost", "3.260 tỷ đồng"),
        ("vì sao hầm Đồi Mây chậm tiến độ?", "do nền đá yếu"),
        ("ts ham doi may xong muon v", "do nền đá yếu"),
        ("đơn vị thi công huy động bao nhiêu thợ mỏ?", "315 thợ mỏ"),
        ("xe tải được vào hầm không", "chỉ cho phép ô tô"),
        ("thợ giỏi nhất công trường là ai", "Đỗ Văn Nghĩa"),
        ("khách nước nào đến Hòn Sẻ nhiều nhất", "khách Thái Lan"),
        ("có ai đuối nước ở Hòn Sẻ không", "chưa ghi nhận"),
        ("did anyone drown on Hòn Sẻ", "chưa ghi nhận"),
        ("trạm y tế Hòn Sẻ ở đâu", "thôn Cồn Bắc"),
        ("vì sao chợ mới Lũng Cú chậm mở?", "do đường vào chưa thông"),
    ],
)
def test_a_question_gets_the_sentence_that_answers(
    library: Library, question: str, expected: str
) -> None:
    quotes = library.ask(question, limit=3).quotes
    assert expected in quotes[0].text, [quote.text for quote in quotes]


def test_a_title_that_gives_the_reason_answers_why(library: Library) -> None:
    fish = library.find("ca-chet")
    assert fish
    quotes = library.ask("vì sao cá chết?", scope=[fish.number], limit=3).quotes
    assert quotes[0].text == FISH.title

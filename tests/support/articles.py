"""Three invented articles, the default collection of tests of the index."""

from datetime import datetime, timedelta, timezone

from index import Article

VIETNAM = timezone(timedelta(hours=7))

CONFERENCE = Article(
    id="hoi-nghi",
    url="https://songthuong.example/hoi-nghi-thuy-loi",
    title="Hội nghị tổng kết công tác thủy lợi năm 2022",
    text=(
        "Sáng 12/12/2022, Sở Nông nghiệp tổ chức hội nghị tổng kết công tác thủy lợi.\n"
        "Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh cùng lãnh đạo các huyện.\n"
        "Năm 2022, toàn tỉnh nạo vét 315 km kênh mương. Kinh phí thực hiện là 42,5 tỷ đồng.\n"
        "Hội nghị kết thúc vào buổi chiều cùng ngày."
    ),
    published=datetime(2022, 12, 12, 16, 30, tzinfo=VIETNAM),
    source="Báo Sông Thương",
)
FLOOD = Article(
    id="lu-quet",
    url="https://songthuong.example/lu-quet",
    title="Lũ quét làm sập hai cây cầu ở Mường Lống",
    text=(
        "Đêm 3/9/2023, lũ quét xảy ra tại xã Mường Lống. Hai cây cầu bị cuốn trôi, "
        "120 hộ dân bị cô lập.\n"
        "Nguyên nhân là do mưa lớn kéo dài suốt ba ngày.\n"
        "Bộ đội đã đưa lương thực vào bằng thuyền."
    ),
    published=datetime(2023, 9, 4, 8, 5, tzinfo=VIETNAM),
    source="Báo Sông Thương",
)
FOOTBALL = Article(
    id="bong-da",
    title="Đội bóng trường Lê Lợi vô địch giải học sinh",
    text=(
        "Chiều 20/5, đội bóng trường Lê Lợi thắng trường Nguyễn Du 3-1 trong trận chung kết.\n"
        "Cầu thủ Phạm Quốc Huy ghi hai bàn. Trận đấu diễn ra trên sân vận động thành phố."
    ),
    source="Cổng tin Thể thao",
)
ARTICLES = (CONFERENCE, FLOOD, FOOTBALL)

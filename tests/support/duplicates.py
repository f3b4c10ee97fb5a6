"""Sample duplicates: one agency article as published by two newspapers."""

from dataclasses import replace
from datetime import datetime

from index import Article
from tests.support.articles import VIETNAM

PUBLISHED = datetime(2022, 10, 18, 17, 5, tzinfo=VIETNAM)
AGENCY = Article(
    title="Cứu hộ đưa 14 ngư dân gặp nạn ngoài khơi Lý Sơn vào bờ an toàn",
    text=(
        "Chiều 18/10, tàu cứu hộ SAR 412 đã đưa 14 ngư dân trên tàu cá QNg 90345 gặp nạn ngoài "
        "khơi đảo Lý Sơn vào cảng Dung Quất an toàn.\n"
        "Trước đó, khoảng 3h sáng cùng ngày, tàu cá do ông Võ Văn Lựu làm thuyền trưởng bị sóng "
        "lớn đánh chìm cách đảo Lý Sơn 32 hải lý về phía đông bắc. Các ngư dân kịp mặc áo phao, "
        "bám vào thúng chai và phát tín hiệu cấp cứu.\n"
        "Nhận được tin báo, Trung tâm Phối hợp tìm kiếm cứu nạn hàng hải đã điều tàu SAR 412 đang "
        "trực tại Đà Nẵng xuất phát ngay trong đêm. Sau bảy giờ tìm kiếm trong điều kiện gió cấp "
        "7, lực lượng cứu hộ phát hiện các ngư dân trôi dạt trên biển.\n"
        "Theo bác sĩ đi cùng tàu, hai người bị thương nhẹ ở tay, những người còn lại kiệt sức do "
        "ngâm nước lâu. Tất cả được sơ cứu, cho ăn cháo nóng và sưởi ấm trên đường về.\n"
        "Đại diện Bộ đội Biên phòng tỉnh cho biết đang cùng địa phương hỗ trợ gia đình các ngư "
        "dân, đồng thời khuyến cáo tàu thuyền không ra khơi khi thời tiết còn xấu."
    ),
    published=PUBLISHED,
    source="Báo Sông Thương",
)
ELSEWHERE = replace(AGENCY, source="Báo Cửa Biển")
PARAGRAPH = (
    "\nHồi đầu tháng, một tàu cá khác của xã An Hải cũng gặp nạn ở vùng biển này. Chính quyền xã "
    "đã đề nghị sớm nạo vét luồng vào khu neo đậu để tàu thuyền có nơi tránh trú an toàn."
)

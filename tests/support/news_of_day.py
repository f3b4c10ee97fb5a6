"""Invented news of one day: a story in three sources, one in two, and articles of their own."""

from datetime import datetime, timedelta

from index import Article
from tests.support.articles import VIETNAM

NOW = datetime(2026, 11, 29, 20, 0, tzinfo=VIETNAM)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def news(
    number: int, title: str, text: str, source: str = "Báo A", published: datetime = NOW - HOUR
) -> Article:
    url = f"https://bao.example/{number}"
    return Article(title=title, text=text, url=url, published=published, source=source)


def other_news(number: int, published: datetime = NOW - 2 * HOUR) -> Article:
    """An article that shares no word with others."""
    words = [f"tiếng{number}x{at}" for at in range(12)]
    text = f"{' '.join(words[:6])}. {' '.join(words[6:])}."
    return news(1000 + number, f"Chuyện thứ{number}", text, "Báo Lẻ", published)


BRIDGE = (
    news(
        1,
        "Sập cầu treo ở Mường Lống, bốn người bị thương",
        "Sáng 29/11, cầu treo Mường Lống đứt cáp khiến bốn người rơi xuống suối. "
        "Công an xã đã đưa nạn nhân đến trạm xá.",
        "Báo A",
    ),
    news(
        2,
        "Bốn người bị thương vì cầu treo Mường Lống đứt cáp",
        "Cầu treo Mường Lống bất ngờ đứt cáp sáng nay. Bốn nạn nhân được đưa đến trạm xá.",
        "Báo B",
    ),
    news(
        3,
        "Đứt cáp cầu treo Mường Lống",
        "Vụ đứt cáp cầu treo Mường Lống làm bốn nạn nhân rơi xuống suối, theo công an xã.",
        "Báo C",
    ),
)
HARVEST = (
    news(
        4,
        "Vải thiều Lục Sơn được mùa",
        "Nông dân Lục Sơn thu hoạch vải thiều sớm hơn mọi năm. Thương lái mua tận vườn.",
        "Báo A",
        NOW - 3 * HOUR,
    ),
    news(
        5,
        "Lục Sơn: vải thiều được mùa, thương lái mua tận vườn",
        "Vải thiều Lục Sơn thu hoạch sớm, thương lái mua tận vườn của nông dân.",
        "Báo B",
        NOW - 4 * HOUR,
    ),
)
OTHERS = tuple(other_news(number) for number in range(18))
DAY_OF_NEWS = (*BRIDGE, *HARVEST, *OTHERS)

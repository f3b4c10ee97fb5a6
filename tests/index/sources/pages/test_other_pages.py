"""Where a page is not the article of its feed item, the feed's own text is kept, and told."""

import pytest

from index.sources.schedule import REVISIT_AFTER
from index.store.sources.items import ItemState
from tests.support.alerts import claim_deliveries, subscribe
from tests.support.follower import FollowerDesk, feed, item, states
from tests.support.web_site import Site

TITLE = "Bến Lức khánh thành cầu treo qua rạch Chanh"
LEAD = "Cây cầu treo dài 64 m qua rạch Chanh thông xe sáng nay."
STORY = f"""{LEAD}
Cầu do bà con ba ấp góp công làm trong bảy tháng, hết 1,8 tỷ đồng.
Trước đây học sinh hai bờ rạch phải đi đò, mùa nước lớn thường nghỉ học.
Xã Thạnh Lợi sẽ làm tiếp đường dẫn bê tông dài 400 m vào đầu tháng sau."""

CHECK = """<html><head><title>Xin chờ trong giây lát</title></head><body>
<h1>Đang kiểm tra trình duyệt</h1>
<p>Trang này kiểm tra xem kết nối của bạn có an toàn không trước khi cho vào.</p>
<p>Bạn hãy bật JavaScript và cookie, sau đó tải lại trang để tiếp tục nhé.</p></body></html>"""
LOGIN = """<html><head><title>Đăng nhập - Báo Bờ Rạch</title></head><body><h1>Đăng nhập</h1>
<p>Bạn cần đăng nhập bằng tài khoản bạn đọc để xem tiếp nội dung của tòa soạn.</p>
<p>Nếu quên mật khẩu, bạn nhập số điện thoại để nhận mã mới trong năm phút.</p></body></html>"""
PAYWALL = f"""<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>
<p>Nội dung này dành cho bạn đọc đã mua gói tháng hoặc gói năm của tòa soạn.</p>
<p>Bạn đăng ký gói để đọc toàn bộ bài trên ba thiết bị cùng một lúc.</p></body></html>"""
MISSING = """<html><head><title>Lỗi 404 | Báo Bờ Rạch</title></head><body>
<h1>Không tìm thấy trang</h1>
<p>Trang mà bạn tìm đã được chuyển đi nơi khác hoặc chưa bao giờ có ở đây.</p>
<p>Bạn thử tìm lại bằng tên bài, hoặc xem các mục ở đầu trang của báo.</p></body></html>"""
OTHER = """<html><head><title>Giá mít ruột đỏ tăng gấp rưỡi</title></head><body>
<h1>Giá mít ruột đỏ tăng gấp rưỡi</h1><div>04/09/2023 08:05</div>
<p>Thương lái vào tận vườn ở Cai Lậy mua mít ruột đỏ với giá 42.000 đồng một ký.</p>
<p>Nhà vườn cho biết vụ này trái đậu ít vì mưa nhiều lúc cây ra bông.</p></body></html>"""
FRONT = f"""<html><head><title>Báo Bờ Rạch - tin nhanh miền sông nước</title></head><body>
<h1>Báo Bờ Rạch</h1><p>Tờ báo này do bà con ba ấp góp tiền in từ năm 1998 đến nay.</p>
<p>Tòa soạn ở số 7 đường bờ kè, mở cửa từ sáng thứ hai đến trưa thứ bảy.</p>
<p>{TITLE}</p><p>{LEAD}</p>
<div><h2><a href="/mit.html">Giá mít ruột đỏ tăng gấp rưỡi</a></h2><p>Thương lái vào tận vườn.</p>
<h2><a href="/cho.html">Chợ nổi Cái Mây họp lại</a></h2><p>Ghe hàng đã trở lại.</p></div>
</body></html>"""


def news(title: str, text: str, headline: str = "") -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return (
        f"<html><head><title>{title}</title></head><body><h1>{headline or title}</h1>"
        f"<div>04/09/2023 08:05</div>{paragraphs}</body></html>"
    )


async def announce(site: Site, desk: FollowerDesk, text: str = LEAD, title: str = TITLE) -> None:
    """Follow a feed that had nothing, and check it once it announces the page at /cau.html."""
    site.page("/rss", feed())
    desk.add(site.url("/rss"))
    await desk.check()
    subscribe(desk.library, "*")
    site.page("/rss", feed(item(site, "/cau.html", title, text)))
    report = await desk.check()
    assert (report.error, report.new) == (None, 1)


def kept(site: Site, desk: FollowerDesk) -> tuple[str, str]:
    """Return the title and text of the stored article, which is at the address of the feed."""
    (article,) = desk.library.latest(5)
    assert article.url == site.url("/cau.html")
    return article.title, article.text


@pytest.mark.parametrize(
    "body",
    [CHECK, LOGIN, PAYWALL, MISSING, OTHER, FRONT],
    ids=["browser check", "login", "paywall", "not found", "other article", "front page"],
)
async def test_a_page_that_says_nothing_of_the_article_leaves_the_text_of_its_feed(
    site: Site, desk: FollowerDesk, body: str
) -> None:
    site.page("/cau.html", body)
    await announce(site, desk)
    assert kept(site, desk) == (TITLE, LEAD)
    assert len(claim_deliveries(desk.library)) == 1


@pytest.mark.parametrize("front", ["/", "/index.html", "/trang-chu"])
async def test_a_redirect_to_the_front_page_leaves_the_text_of_the_feed(
    site: Site, desk: FollowerDesk, front: str
) -> None:
    site.redirect("/cau.html", front)
    more = "<p>Video: bà con đi cầu treo qua rạch Chanh trong ngày khánh thành cầu.</p>"
    site.page(front, FRONT.replace("<h1>Báo Bờ Rạch</h1>", f"<h1>{TITLE}</h1>{more}"))
    await announce(site, desk)
    assert kept(site, desk) == (TITLE, LEAD)
    assert len(claim_deliveries(desk.library)) == 1


async def test_a_redirect_to_a_login_leaves_the_text_of_the_feed(
    site: Site, desk: FollowerDesk
) -> None:
    site.redirect("/cau.html", "/dang-nhap?tro-ve=cau")
    site.page("/dang-nhap?tro-ve=cau", LOGIN)
    await announce(site, desk)
    assert kept(site, desk) == (TITLE, LEAD)


async def test_a_page_is_fetched_again_and_its_article_taken_once_the_check_has_passed(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/cau.html", CHECK)
    await announce(site, desk)
    site.page("/cau.html", news(TITLE, STORY))
    desk.clock.now += 300
    assert (await desk.check()).updated == 1
    assert kept(site, desk) == (TITLE, STORY)
    assert len(claim_deliveries(desk.library)) == 1


async def test_a_login_a_day_later_leaves_the_article_as_it_is(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/cau.html", news(TITLE, STORY))
    await announce(site, desk)
    site.page("/cau.html", LOGIN)
    desk.clock.now += REVISIT_AFTER
    await desk.check()
    assert kept(site, desk) == (TITLE, STORY)
    assert states(desk) == [ItemState.STORED]


async def test_a_page_with_less_than_its_feed_leaves_the_text_of_the_feed(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/cau.html", news(TITLE, LEAD))
    await announce(site, desk, STORY)
    assert kept(site, desk) == (TITLE, STORY.replace("\n", " "))
    asked = len(site.asked("/cau.html"))
    desk.clock.now += 6 * 3600
    await desk.check()
    assert len(site.asked("/cau.html")) == asked


async def test_a_page_without_a_sentence_leaves_the_text_of_the_feed(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/cau.html", f"<html><body><h1>{TITLE}</h1><a href='/'>Trang chủ</a></body></html>")
    await announce(site, desk)
    assert kept(site, desk) == (TITLE, LEAD)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, "Xem bài."),
        ("Khánh thành cầu treo ở Bến Lức", LEAD),
        ("Ben Luc khanh thanh cau treo qua rach Chanh", LEAD),
        (f"{TITLE} {LEAD} Bà con ba ấp góp công.", ""),
        ("Niềm vui mới", LEAD),
        ("Bà con ba ấp góp công, học sinh thôi đi đò", LEAD),
    ],
    ids=["same", "shorter", "unmarked", "with its lead", "short", "of the text only"],
)
async def test_a_page_of_the_article_is_taken_whatever_its_feed_calls_it(
    site: Site, desk: FollowerDesk, title: str, text: str
) -> None:
    site.page("/cau.html", news(TITLE, STORY))
    await announce(site, desk, text, title)
    assert kept(site, desk) == (TITLE, STORY)


@pytest.mark.parametrize(
    ("title", "headline"),
    [("Báo Bờ Rạch Điện Tử", TITLE), (TITLE, "Niềm vui sau bảy tháng góp công của ba ấp")],
    ids=["headline", "title of the page"],
)
async def test_a_page_that_names_the_article_once_is_taken(
    site: Site, desk: FollowerDesk, title: str, headline: str
) -> None:
    text = "Bà con góp công trong bảy tháng, hết 1,8 tỷ đồng.\nTrẻ nhỏ thôi phải đi đò đến lớp."
    site.page("/cau.html", news(title, text, headline))
    await announce(site, desk)
    assert kept(site, desk) == (headline, text)


async def test_an_article_about_logins_is_no_notice(site: Site, desk: FollowerDesk) -> None:
    text = f"{LEAD} Ai cũng đăng nhập được vào trang bán vé của cầu bằng số điện thoại."
    site.page("/cau.html", news(TITLE, text))
    await announce(site, desk)
    assert kept(site, desk) == (TITLE, text)

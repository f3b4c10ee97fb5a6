"""Requests for alerts in words."""

import pytest

from index.alerts.requests import perhaps_unwanted_words, requested_words, unwanted_words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("đăng ký nhận tin bão", "bão"),
        ("dang ky nhan tin bao", "bao"),
        ("Cho mình đăng ký nhận tin về bão lũ Quảng Trị với ạ!", "bão lũ Quảng Trị"),
        ("đăng ký theo dõi tin tức mới nhất về giá vàng", "giá vàng"),
        ("đăng ký tin bóng đá nhé", "bóng đá"),
        ("báo cho tôi tin mỗi khi có bài về Trump", "Trump"),
        ("subscribe to storm news", "storm"),
        ("please subscribe me to news about gold prices", "gold prices"),
        ("Alert me about Trump", "Trump"),
        ("Nhận tin “bão”", "“bão”"),
        ("theo dõi tin tức mới nhất về bão", "bão"),
        ("nhận cảnh báo về lũ quét", "lũ quét"),
        ("báo cho tôi khi có tin về bão", "bão"),
        ("bao toi khi co tin moi ve gia vang nhe", "gia vang"),
        ("cho mình biết khi nào có bài mới về Quảng Trị", "Quảng Trị"),
        ("khi nào có tin về bão thì báo tôi", "bão"),
        ("có tin bão thì nhắn mình với ạ", "bão"),
        ("tell me when there are new articles on storms", "storms"),
        ("let me know if there is any news about gold", "gold"),
        ("theo dõi bão số 3", "bão số 3"),
        ("theo doi gia lua nhe", "gia lua"),
        ("thông báo cho tôi khi có bão", "bão"),
        ("nhận tin cà phê mỗi ngày", "cà phê"),
        ("alert me when storm", "storm"),
        ("follow flash floods", "flash floods"),
    ],
)
def test_a_request_names_the_words_to_be_alerted_of(message: str, words: str) -> None:
    assert requested_words(message) == words


@pytest.mark.parametrize(
    "message",
    [
        *("đăng ký", "đăng ký nhận tin", "dang ky nhan tin moi ngay", "hủy đăng ký nhận tin bão"),
        *(
            "đăng ký xe máy ở đâu",
            "đăng ký tin chỉ",
            "dang ky tin hoc",
            "tin bão",
            "làm sao đăng ký nhận tin",
        ),
        *("nhận tin báo tố giác tội phạm", "nhận tin nhắn lừa đảo", "nhận thông báo trúng thưởng"),
        *(
            "theo dõi tin nhắn của chồng",
            "theo dõi tin tức",
            "có tin đồn thì báo công an",
            "đăng ký tin tức",
        ),
        *("cho biết khi nào có thông báo điểm thi", "cho tôi biết bao giờ có tin về lương"),
        *("theo dõi sức khỏe thế nào", "theo dõi ai", "follow up", "follow the news"),
        *("khi nào có thông báo điểm thi", "khi có bão thì làm gì", "gửi cho tôi tin về bão"),
        *("đăng ký nhận tin ở đâu?", "subscribe", "subscribe to news", "", "đăng ký tin " * 2_000),
    ],
)
def test_what_names_no_words_is_no_request(message: str) -> None:
    assert requested_words(message) is None


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("hủy đăng ký nhận tin bão", "bão"),
        ("bỏ theo dõi lũ quét nhé", "lũ quét"),
        ("đừng gửi tin bão nữa", "bão"),
        ("thôi khong nhan tin ve bao nua", "bao"),
        ("tắt thông báo giá vàng", "giá vàng"),
        ("unsubscribe from storm news", "storm"),
        ("please stop sending me news about gold", "gold"),
        *((asked, "") for asked in ("hủy nhận tin", "huy dang ky", "bỏ theo dõi", "tắt thông báo")),
        *((asked, "") for asked in ("thôi đừng gửi nữa", "tôi không muốn nhận tin nữa")),
        *((asked, "") for asked in ("dừng nhận tin đi ạ", "hủy nhận tin hằng ngày")),
        *((asked, "") for asked in ("Unsubscribe!", "cancel my subscription", "stop sending me")),
        *((asked, "") for asked in ("ngừng gửi tin", "đừng nhắn tin cho tôi nữa", "dừng hết")),
    ],
)
def test_a_request_names_the_words_to_be_alerted_of_no_more(message: str, words: str) -> None:
    assert unwanted_words(message) == words


@pytest.mark.parametrize(
    "message",
    [
        *(
            "hủy",
            "tắt",
            "bỏ",
            "hủy chuyến bay",
            "tắt điện",
            "bỏ đăng ký kết hôn",
            "stop",
            "stop the war",
        ),
        *("hủy đăng ký kinh doanh", "bỏ nhận hối lộ", "không nhận tội nữa", "thôi nhận án tử"),
        *("hủy thông báo thu hồi đất", "đăng ký nhận tin bão", "", "hủy nhận tin " * 2_000),
    ],
)
def test_what_ends_something_else_is_no_request(message: str) -> None:
    assert unwanted_words(message) is None


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("hủy đăng ký bão", "bão"),
        ("huy dang ky bao nhe", "bao"),
        ("xóa đăng ký lũ quét", "lũ quét"),
        ("unfollow storm", "storm"),
        ("hủy đăng ký", None),
        ("hủy chuyến bay", None),
    ],
)
def test_words_may_be_those_of_a_subscription_to_end(message: str, words: str | None) -> None:
    assert perhaps_unwanted_words(message) == words

"""Requests for alerts in words."""

import pytest

from index.alerts.requests import requested_words


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
        *("đăng ký nhận tin ở đâu?", "subscribe", "subscribe to news", "", "đăng ký tin " * 2_000),
    ],
)
def test_what_names_no_words_is_no_request(message: str) -> None:
    assert requested_words(message) is None

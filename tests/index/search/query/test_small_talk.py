"""Messages that ask nothing of the news."""

import pytest

from index.search.query import SmallTalk, small_talk


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        *((text, SmallTalk.GREETING) for text in ("alo", "Xin chào Hỏi Báo", "hi!", "chao ad")),
        *((text, SmallTalk.THANKS) for text in ("ok cảm ơn", "cam on ban nhieu", "thanks ad nhìu")),
        *((text, SmallTalk.COURTESY) for text in ("tạm biệt nhé", "hay quá", "haha", "ok")),
        *((text, SmallTalk.COURTESY) for text in ("dạ", "Vâng ạ", "vang a", "da vang", "ok vang")),
        *((text, SmallTalk.INSULT) for text in ("đồ ngu", "mày ngu quá", "im đi", "shut up")),
        *((text, SmallTalk.INSULT) for text in ("bạn dở", "ban do qua", "bot te", "do ngu")),
        *((text, SmallTalk.SELF) for text in ("bạn là bot à", "ban nguoi hay may")),
        *((text, SmallTalk.SELF) for text in ("bạn là ai?", "ban la ai", "ai tạo ra mày")),
        *((text, SmallTalk.SELF) for text in ("who are you", "are you a bot or a human?")),
        *((text, SmallTalk.HELP) for text in ("giúp tôi với", "cách dùng", "how does this work?")),
        *((text, SmallTalk.HELP) for text in ("menu", "giúp", "đăng ký", "huy dang ky nhan tin")),
        *((text, SmallTalk.HELP) for text in ("làm sao để nhận tin mỗi ngày?", "cách đăng ký")),
        *((text, SmallTalk.NEXT_PAGE) for text in ("xem thêm", "tiep di", "nữa", "show me more")),
        *((text, SmallTalk.NEXT_PAGE) for text in ("trang sau", "con bai nao nua khong", "next")),
        *((text, SmallTalk.WHAT_ELSE) for text in ("còn gì nữa không?", "gi nua", "còn gì khác")),
        *((text, SmallTalk.WHAT_ELSE) for text in ("chi tiết hơn", "noi ro hon", "more details")),
        *((text, SmallTalk.WHAT_ELSE) for text in ("rồi sao nữa", "what else?", "anything else")),
        *((text, SmallTalk.WRONG) for text in ("sai rồi", "khong dung", "nhầm rồi bạn ơi")),
        *((text, SmallTalk.WRONG) for text in ("câu trả lời này sai", "wrong!", "that's not it")),
        *((text, SmallTalk.GREETING) for text in ("cho tôi hỏi", "cho hoi chut", "em muốn hỏi ạ")),
    ],
)
def test_small_talk_is_told_by_its_kind(message: str, kind: SmallTalk) -> None:
    assert small_talk(message) is kind


@pytest.mark.parametrize(
    "message",
    [
        *("", "👍", "rác", "con chó", "Trump là ai", "ai tạo ra AI", "giúp tôi tìm tin Quảng Bình"),
        *(
            "vang",
            "Vang",
            "da",
            "ban do",
            "may do",
            "may dien",
            "do dien",
            "may nguoi",
            "ban nguoi",
        ),
        *("cho hỏi giá vàng", "đăng ký xe máy", "theo dõi bão", "làm sao để nhận trợ cấp", "nhan"),
        *("xem thêm về bão", "tiếp viên", "còn gì mới không", "sai phạm", "không đúng quy định"),
        *("còn ai nữa không", "gì nữa ở Huế", "more rain", "what went wrong", "xem phim"),
        *("cảm ơn ai", "chào bạn, ai dự hội nghị?", "bạn là ai trong vụ án", "là ai " * 2_000),
    ],
)
def test_what_may_be_a_question_is_no_small_talk(message: str) -> None:
    assert small_talk(message) is None

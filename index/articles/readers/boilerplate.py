"""Boilerplate removal: menus, tools, related links and author lines of a page.

The same rules serve pages saved as text and HTML pages, so that both forms of
a page give the same article.
"""

import re

from index.articles.readers.credits import parse_credit
from index.language.patterns import Pattern

_LONGEST_INVITATION = 250  # characters
_LONGEST_TOOL = 160  # characters: a longer line is prose

_TOOLS = Pattern(
    r"""(?:(?:
        xem\s(?:với\s)?cỡ\schữ:?(?:\s?a\b)*|cỡ\schữ:?(?:\s?a\b)*|mặc\sđịnh|font\ssize|a\s?[-+](?=[\saA]|$)
      | in\s(?:bài(?:\sviết|\snày)?|trang(?:\snày)?|ấn)|bản\sin|in(?=$|\s?[|•·/])|print
      | gửi\s(?:email|e-mail|mail|thư|tin|bài(?:\sviết)?|cho\sbạn(?:\sbè)?|tin\snày)|email
      | chia\ssẻ(?:\s(?:bài(?:\sviết)?|tin\snày|lên|qua|trên|facebook|zalo|twitter|mạng\sxã\shội))*
      | facebook|zalo|twitter|tweet|share|like|thích|copy\slink|sao\schép(?:\sliên\skết)?
      | lưu(?:\sbài(?:\sviết)?)?
      | (?:số\s)?lượt\s(?:xem|đọc|truy\scập)(?>\s?:?\s?[\d.,]*)|[\d.,]++\slượt\s(?:xem|đọc)
      | nghe\sbài(?:\sviết)?|đọc\sbài(?:\sviết)?|nghe\sđọc\sbài|nghe\sbáo
      | (?:về|lên)\s(?:trang\s(?:chủ|trước)|đầu\strang)|quay\slại|trở\svề|trở\slại
      | quảng\scáo|qc|advertisement|ads|in\sra|link\sbài\sgốc|lấy\slink
      | trang\schủ|tin\stức|văn\sbản|liên\shệ|giới\sthiệu|đăng\snhập|đăng\ský|đăng\sxuất
      | tìm\skiếm|sơ\sđồ\s(?:trang|site|cổng)|tiếng\sviệt|english|rss|góp\sý|hỏi\sđáp|menu
    )(?:\s?[|•·/:–»›>,-])*+\s?)+""",
    re.VERBOSE | re.IGNORECASE,
)
_NOTES = Pattern(
    r"""(?:theo\sdõi|quan\stâm)\s.{0,40}\strên(?:\sgoogle\snews|\szalo|\sfacebook)?
    | .{0,40}\d\skbps|báo\s(?:lỗi|cáo).{0,20}|đang\stải.{0,20}
    | cuộn\sxuống\sđể\sđọc\stiếp|tự\sđộng\scập\snhật.{0,40}
    | (?:\d{1,3}|một|hai|ba|vài)\s(?:giây|phút|giờ|ngày|tuần|tháng|năm)\strước
    | (?:\d{1,3}|an?)\s(?:second|minute|hour|day|week|month|year)s?\sago
    | \d{1,2}:\d{2}\s/\s\d{1,2}:\d{2}.{0,40}|(?:nghe\s(?:đọc\s)?bài(?:\sviết)?\s?)?\d{1,2}:\d{2}
    | \d{1,3}\sphút\s(?:đọc|nghe)
    | (?:phóng\sto\s?)?\d{1,3}/\d{1,3}|phóng\sto|[\w.+-]{1,64}@[\w.-]{1,80}
    | đăng\snhập\sđể\s.{0,40}|vui\slòng\s(?:nhập|đăng).{0,60}
    | (?:xếp\shạng|đánh\sgiá)(?:\strung\sbình)?\s?:?[★☆*\d\s(.,/]{0,20}
        (?:bầu\schọn|lượt|phiếu)?\)?
    | (?:số\slượt|tổng(?:\ssố)?|đang|hôm\s(?:nay|qua)|tuần\snày|tháng\snày)
        (?:\s(?:truy\scập|online|xem|lượt(?:\struy\scập)?))?\s?:\s?[\d.,]+
    | https?://\S{1,140}
    | bạn\slà\s(?:người|khách)\sthứ\s[\d.,]+.{0,30}
    | (?:địa\schỉ|link|đường\sdẫn)\s(?:bài\sviết|này|gốc)\s?:.{0,120}
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Whole lines: relative times, counters, prompts, the numbers of pictures."""

_CRUMBS = Pattern(r"(?:trang chủ|home|bạn đang ở)\s?[:/|›»>–-].{0,140}", re.IGNORECASE)
_LABELLED = Pattern(
    r"(?:từ khóa|từ khoá|tags?|thẻ|chủ đề|chuyên mục|xem thêm|đọc thêm|xem tiếp|tin liên quan"
    r"|bài liên quan|lượt xem|(?:các )?(?:tệp|tập tin|file|tài liệu|văn bản) đính kèm|đính kèm"
    r"|tải về|từ khóa tìm kiếm|thể loại|danh mục|nhãn|hashtag|keywords?|categor(?:y|ies))"
    r"\s?:.{0,300}|(?:>>+|»|☛|👉)\s.{0,300}",
    re.IGNORECASE,
)
_END = Pattern(
    r"""[-=*_•>»\s]*+(?:
        (?:(?:những|các|một\ssố)\s)?(?:tin|bài)(?:\s?(?:[,/]\s?)?(?:bài|tin|viết|tức))*
        \s(?:khác|liên\squan|cùng\s(?:chuyên\smục|chủ\sđề|loại)|mới(?:\s(?:hơn|nhất|đăng))?
        |cũ(?:\shơn)?|đã\s(?:đưa|đăng)|nổi\sbật|đọc\snhiều|xem\snhiều|tiếp\stheo)
        (?:\scùng\s(?:chuyên\smục|chủ\sđề))?
      | có\sthể\sbạn\s(?:quan\stâm|thích|cần\sbiết)|cùng\schuyên\smục|đừng\sbỏ\slỡ
      | lịch\sphát\ssóng(?:\shôm\snay)?
      | xem\sthêm|đọc\sthêm|(?:đọc|xem)\snhiều(?:\snhất)?|mới\snhất|đọc\stiếp
      | (?:\d+\s)?(?:ý\skiến|bình\sluận)(?:\s(?:bạn|của\sbạn)\s?đọc|\scủa\sbạn)?(?:\s?\(?\d*\)?)?
      | (?:gửi|viết)\s(?:bình\sluận|ý\skiến|phản\shồi)(?:\scủa\sbạn)?|bình\sluận\sfacebook
    )(?:\s?[:.»>…]*|\s\(\d+\))""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_READERS = Pattern(r"ý kiến|bình luận|phản hồi", re.IGNORECASE)
_COMMENTS = Pattern(
    r"""(?:(?:bình\sluận|ý\skiến|nhận\sxét|phản\shồi|thảo\sluận|comments?)
        (?:\s(?:bạn\sđọc|của\sbạn\sđọc|độc\sgiả))?\s?[(:]?\s?[1-9]\d{0,4}\)?
    | [1-9]\d{0,4}\s(?:bình\sluận|ý\skiến|nhận\sxét|phản\shồi|trả\slời|comments?).{0,20})""",
    re.VERBOSE | re.IGNORECASE,
)
_IMPRINT = Pattern(
    r"""©|\ball\srights\sreserved|bản\squyền\s(?:thuộc|©)
    | giấy\sphép\s(?:số|hoạt\sđộng|xuất\sbản|thiết\slập)
    | (?:tổng\sbiên\stập|trưởng\sban\sbiên\stập|\btòa\ssoạn)\s?:|cơ\squan\schủ\squản
    | chịu\strách\snhiệm(?:\snội\sdung|\schính)?\s?:|ghi\srõ\snguồn""",
    re.VERBOSE | re.IGNORECASE,
)
_INVITATION = Pattern(
    r"""[\W_]*+(?:
      (?:kính\s)?mời\s(?:quý\s)?(?:các\s)?
        (?:bạn\sđọc|độc\sgiả|khán\sgiả|thính\sgiả|quý\svị|bạn\sxem)
    | (?:quý\s)?(?:bạn|độc\sgiả).{0,20}\s(?:gửi|theo\sdõi|xem\sthêm)
        .{0,60}(?:tại\sđây|email|hòm\sthư|fanpage|kênh|zalo)
    | (?:hãy\s)?theo\sdõi\s.{0,60}(?:fanpage|zalo|facebook|youtube|google\snews|tiktok|telegram)
    | trình\sduyệt\s(?:của\sbạn|này)\skhông\shỗ\strợ|your\sbrowser\sdoes\snot\ssupport
    | (?:đăng\ský\s)?nhận\s(?:bản\stin|tin\smới).{0,40}(?:email|hằng\sngày|hàng\sngày)
    | (?:bấm|nhấn|nhấp|click)\s(?:chuột\s)?(?:vào\s)?(?:đây|here).{0,80}
    | (?:bài\s(?:viết|này)|nội\sdung|thông\stin).{0,20}\s(?:hữu\sích|thế\snào).{0,30}\?
    | bạn\s(?:muốn|thấy|nghĩ|đánh\sgiá|cảm\sthấy|có\s(?:muốn|thích|hài\slòng)).{0,80}\?
    | (?:tải|cài)\s(?:về\s)?(?:ứng\sdụng|app)\b
    | (?:bỏ\squa|skip\sto).{0,40}(?:tiếp\stục|nội\sdung|content)
    ).{0,160}""",
    re.VERBOSE | re.IGNORECASE,
)
_STOPS = tuple(".!?…:;")
_CLOSING = "\"”’')]"
_LEAST_SPACES = 5  # between the words of a sentence, in a line without runs of spaces


def collapse_whitespace(text: str) -> str:
    """Collapse white space to one line: each run is one space, none at the ends.

    Characters without width (zero-width spaces, soft hyphens), which editing
    tools leave behind, are removed.
    """
    return " ".join(re.sub("[\u200b\u2060\ufeff\u00ad]", "", text).split())


def is_boilerplate(line: str) -> bool:
    """Tell whether a line, on one line, is a tool, a menu, a breadcrumb path or a tag list."""
    if not any(map(str.isalnum, line)):
        return True
    if _LABELLED.fullmatch(line):
        return True
    if len(line) > _LONGEST_TOOL:
        return False
    bare = line.strip(" -–—*•·|[]()")
    return is_note(line) or bool(_TOOLS.fullmatch(bare) or _CRUMBS.fullmatch(bare))


def is_note(line: str) -> bool:
    """Tell whether a line is a relative time, a counter or a prompt of the site."""
    return len(line) <= _LONGEST_TOOL and _NOTES.fullmatch(line.rstrip(".")) is not None


def heads_others(line: str) -> bool:
    """Tell whether a line is a heading of other articles: "Tin liên quan", "Đọc nhiều"."""
    return ends_article(line) and not _OF_READERS.search(line)


def counts_comments(line: str) -> bool:
    """Tell whether a line heads comments with their number: "Bình luận (3)"."""
    return len(line) <= 80 and bool(_COMMENTS.fullmatch(line))


def is_invitation(line: str) -> bool:
    """Tell whether a line invites to follow, subscribe or skip, or is for old browsers."""
    return len(line) <= _LONGEST_INVITATION and _INVITATION.fullmatch(line) is not None


def ends_article(line: str) -> bool:
    """Tell whether a line is the heading of related links or comments, after the article."""
    return len(line) <= 80 and bool(_END.fullmatch(line))


def is_imprint(line: str) -> bool:
    """Tell whether a line is of a site's imprint: its licence, editor or copyright."""
    return _IMPRINT.search(line) is not None


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence, and not a menu item, a title or a name."""
    return line.count(" ") >= _LEAST_SPACES and line.rstrip(_CLOSING)[-1:] in _STOPS


def has_sentence(lines: list[str]) -> bool:
    """Tell whether lines can be an article: one of them is prose, or they have 40 words."""
    return any(map(is_prose, lines)) or sum(len(line.split()) for line in lines) >= 40


def remove_boilerplate(lines: list[str]) -> list[str]:
    """Remove tools and menus from a body, and all from the related links or comments on."""
    body: list[str] = []
    for line in lines:
        if ends_article(line):
            break
        if not (is_boilerplate(line) or is_invitation(line)):
            body.append(line)
    return body


def split_author(lines: list[str], *, may_lead: bool = True) -> tuple[list[str], str | None]:
    """Split the author lines from the ends of a body.

    Args:
        lines: The body's lines, without boilerplate.
        may_lead: Whether the first line may be an author line; the last one always may.

    Returns:
        The other lines, and the author as written at the end, or else at the beginning
        ("Vũ Văn Vân - Bộ CHQS tỉnh"), without a label such as "Tác giả:"; None for no author.
    """
    first = parse_credit(lines[0]) if may_lead and len(lines) > 1 else None
    if first:
        lines = lines[1:]
    last = parse_credit(lines[-1]) if len(lines) > 1 else None
    if last:
        return lines[:-1], last.name
    return lines, first.name if first else None

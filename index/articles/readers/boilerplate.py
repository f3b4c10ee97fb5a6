"""Boilerplate removal: menus, tools, related links and author lines of a page.

The same rules serve pages saved as text and HTML pages, so that both forms of
a page give the same article.
"""

import re

from index.language.patterns import UPPER, Pattern

_LONGEST_TOOL = 160  # characters: a longer line is prose
_LONGEST_AUTHOR = 90  # characters

_TOOLS = Pattern(
    r"""(?:(?:
        xem\svới\scỡ\schữ|cỡ\schữ|mặc\sđịnh|font\ssize|a\s?[-+](?=[\saA]|$)
      | in\s(?:bài(?:\sviết|\snày)?|trang(?:\snày)?|ấn)|bản\sin|in(?=$|\s?[|•·/])|print
      | gửi\s(?:email|e-mail|mail|bài(?:\sviết)?|cho\sbạn(?:\sbè)?|tin\snày)|email
      | chia\ssẻ(?:\s(?:bài(?:\sviết)?|tin\snày|lên|qua|trên|facebook|zalo|twitter|mạng\sxã\shội))*
      | facebook|zalo|twitter|tweet|share|like|thích|copy\slink|sao\schép(?:\sliên\skết)?
      | lưu(?:\sbài)?
      | (?:số\s)?lượt\s(?:xem|đọc|truy\scập)(?>\s?:?\s?[\d.,]*)|[\d.,]++\slượt\s(?:xem|đọc)
      | nghe\sbài(?:\sviết)?|đọc\sbài(?:\sviết)?|nghe\sđọc\sbài|nghe\sbáo
      | (?:về|lên)\s(?:trang\schủ|đầu\strang)|quay\slại|trở\svề|trở\slại
      | (?:theo\sdõi|quan\stâm)\s.{0,40}\strên(?:\sgoogle\snews|\szalo|\sfacebook)?
      | trang\schủ|tin\stức|văn\sbản|liên\shệ|giới\sthiệu|đăng\snhập|đăng\ský|đăng\sxuất
      | tìm\skiếm|sơ\sđồ\s(?:trang|site|cổng)|tiếng\sviệt|english|rss|góp\sý|hỏi\sđáp|menu
    )(?:\s?[|•·/:–»›>,-])*+\s?)+""",
    re.VERBOSE | re.IGNORECASE,
)
_CRUMBS = Pattern(r"(?:trang chủ|home|bạn đang ở)\s?[:/|›»>–-].{0,140}", re.IGNORECASE)
_LABELLED = Pattern(
    r"(?:từ khóa|từ khoá|tags?|thẻ|chủ đề|chuyên mục|xem thêm|đọc thêm|xem tiếp|tin liên quan"
    r"|bài liên quan|lượt xem)\s?:.{0,300}|(?:>>+|»|☛|👉)\s.{0,300}",
    re.IGNORECASE,
)
_END = Pattern(
    r"""[-=*_•>»\s]*+(?:
        (?:(?:những|các|một\ssố)\s)?(?:tin|bài)(?:\s?(?:[,/]\s?)?(?:bài|tin|viết|tức))*
        \s(?:khác|liên\squan|cùng\s(?:chuyên\smục|chủ\sđề|loại)|mới(?:\s(?:hơn|nhất|đăng))?
        |cũ(?:\shơn)?|đã\s(?:đưa|đăng)|nổi\sbật|đọc\snhiều|xem\snhiều|tiếp\stheo)
        (?:\scùng\s(?:chuyên\smục|chủ\sđề))?
      | có\sthể\sbạn\s(?:quan\stâm|thích|cần\sbiết)|cùng\schuyên\smục|đừng\sbỏ\slỡ
      | xem\sthêm|đọc\sthêm|(?:đọc|xem)\snhiều(?:\snhất)?|mới\snhất|đọc\stiếp
      | (?:\d+\s)?(?:ý\skiến|bình\sluận)(?:\s(?:bạn|của\sbạn)\s?đọc|\scủa\sbạn)?(?:\s?\(\d*\))?
      | (?:gửi|viết)\s(?:bình\sluận|ý\skiến|phản\shồi)(?:\scủa\sbạn)?|bình\sluận\sfacebook
    )(?:\s?[:.»>…]*|\s\(\d+\))""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_WORD = rf"[{UPPER}][^\W\d_]*\.?"
_PERSON = rf"{_NAME_WORD}(?:\s{_NAME_WORD}){{1,4}}"
_CREDIT = Pattern(
    r"(?:tác giả|người viết|tin,? ?(?:và )?(?:bài)?(?:,| và|,? &)? ?ảnh|bài,?(?: và|&| -)? ?ảnh"
    r"|tin,? bài|thực hiện|theo|nguồn(?: tin)?|by|bởi|bài|tin)\s?:\s?(?P<who>\S.*)",
    re.IGNORECASE,
)
_BYLINE = Pattern(
    rf"(?:(?i:theo|bởi|by)\s)?(?:{_PERSON}|PV|P\.V\.?|TTXVN|BBT)"
    rf"(?:(?:\s[-–]\s|,\s|\s&\s|\svà\s|\s?/\s?){_NAME_WORD}[^.!?:;]*|\s?\([^()]*\))?"
)
_PROSE_END = Pattern(r"[.!?…:;][\"”’')\]]*$")


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
    return bool(_TOOLS.fullmatch(line) or _CRUMBS.fullmatch(line))


def ends_article(line: str) -> bool:
    """Tell whether a line is the heading of related links or comments, after the article."""
    return len(line) <= 80 and bool(_END.fullmatch(line))


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence, and not a menu item, a title or a name."""
    return bool(_PROSE_END.search(line)) and len(line.split()) >= 6


def has_sentence(lines: list[str]) -> bool:
    """Tell whether lines can be an article: one of them is prose, or they have 40 words."""
    return any(map(is_prose, lines)) or sum(len(line.split()) for line in lines) >= 40


def remove_boilerplate(lines: list[str]) -> list[str]:
    """Remove tools and menus from a body, and all from the related links or comments on."""
    body: list[str] = []
    for line in lines:
        if ends_article(line):
            break
        if not is_boilerplate(line):
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
    first = parse_author(lines[0]) if may_lead and len(lines) > 1 else None
    if first:
        lines = lines[1:]
    last = parse_author(lines[-1]) if len(lines) > 1 else None
    return (lines[:-1], last) if last else (lines, first)


def parse_author(line: str) -> str | None:
    """Parse an author line: the author without a label, or None for another line."""
    if len(line) > _LONGEST_AUTHOR or _PROSE_END.search(line.removesuffix(".")):
        return None
    credit = _CREDIT.fullmatch(line)
    if credit:
        return credit["who"]
    if _BYLINE.fullmatch(line):
        return re.sub(r"^(?:theo|bởi|by)\s", "", line, flags=re.IGNORECASE)
    return None

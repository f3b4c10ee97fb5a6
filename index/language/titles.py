"""Honorifics, professions, offices and ranks beside the names of people."""

HONORIFICS = (
    *("ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cháu", "đồng chí", "đ/c", "thầy"),
)
"""Honorifics before the names of people."""

PROFESSIONS = (
    *("bác sĩ", "bác sỹ", "luật sư", "ca sĩ", "nghệ sĩ", "cầu thủ", "nhà báo", "nhà văn"),
    *("giám mục", "diễn viên", "đạo diễn"),
)

OFFICES = (
    *("chủ tịch", "bí thư", "giám đốc", "tổng giám đốc", "thủ tướng", "bộ trưởng", "thứ trưởng"),
    *("tổng thống", "ngoại trưởng", "chủ nhiệm", "thống đốc", "tổng thư ký", "tổng bí thư"),
    *("hiệu trưởng", "viện trưởng", "cục trưởng", "tổng cục trưởng", "vụ trưởng"),
    "chánh văn phòng",
)

BEFORE_OFFICES = ("nguyên", "quyền", "phó")

RANK = "(?:thiếu|trung|thượng|đại) (?:tướng|tá|úy)"
"""Pattern of a military rank."""

DEGREES = ("GS", "PGS", "TS", "ThS", "BS")
AWARDS = ("NSƯT", "NSND", "HLV")


def title_first_syllables() -> frozenset[str]:
    """Return the first syllables of honorifics and offices, which may begin a name in capitals."""
    named = (*HONORIFICS, *BEFORE_OFFICES, *OFFICES)
    return frozenset(title.split()[0] for title in named)

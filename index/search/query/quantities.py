"""Table of quantities: how a question asks for each, and how a sentence states it."""

from dataclasses import dataclass
from enum import StrEnum


class Quantity(StrEnum):
    """The quantity that a question asks for, which tells the units of its answer."""

    CHANGE = "change"
    DURATION = "duration"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    STRENGTH = "strength"
    AREA = "area"
    WEIGHT = "weight"
    WIDTH = "width"
    HEIGHT = "height"
    DEPTH = "depth"
    DISTANCE = "distance"
    LENGTH = "length"
    AGE = "age"
    SHARE = "share"
    FINE = "fine"
    PRIZE = "prize"
    DAMAGE = "damage"
    REVENUE = "revenue"
    COST = "cost"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Measured:
    """Alternatives of patterns for one quantity.

    Args:
        asked: The words of a question, in Vietnamese and English.
        units: The units of an answer.
        before: The words before a figure that tell what it measures; empty where the unit does.
    """

    asked: str
    units: str
    before: str


_MONEY = "đồng|USD|đô la|euro|VNĐ|VND|nhân dân tệ|tệ|bảng|yen|triệu|tỷ|tỉ|nghìn|ngàn"
_TIME = "giờ|phút|giây|ngày|tuần|tháng|năm|tiếng|hôm|thế kỷ"
_DISTANCE = "km|mm|cm|m|mét|cây số|hải lý|dặm|kilômét"

QUANTITIES = {
    Quantity.CHANGE: Measured(
        (
            "(?:tăng|giảm|hạ)(?: (?:thêm|đến|tới|được|mất))? (?:bao nhiêu|mấy)|"
            "how much .*(?:rise|rose|risen|increased?|fall|fell|fallen|dropped|drop|"
            "decreased?|up|down)"
        ),
        f"{_MONEY}|%|phần trăm|điểm|kg|tấn|độ|người",
        "tăng|giảm|hạ|nâng|thêm|bớt",
    ),
    Quantity.SPEED: Measured(
        "tốc độ|vận tốc|km h|km giờ|nhanh bao nhiêu|speed|how fast",
        "km/h|km/giờ|m/s|km một giờ|hải lý/giờ|mbps",
        "tốc độ|vận tốc|nhanh",
    ),
    Quantity.TEMPERATURE: Measured(
        "nhiệt độ|nóng|lạnh|how (?:hot|cold)|temperature|bao nhiêu độ c",
        "độ C|độ|°C|°",
        "nhiệt độ|nóng|lạnh|nhiệt",
    ),
    Quantity.STRENGTH: Measured(
        "mạnh|cường độ|độ richter|magnitude|how strong|bao nhiêu độ",
        "độ Richter|độ|cấp",
        "mạnh|cường độ|độ lớn",
    ),
    Quantity.DURATION: Measured(
        (
            "bao lâu|kéo dài|how long (?:did|does|do|will|has|have|had)|(?:bao nhiêu|"
            "mấy) (?:giờ|phút|giây|ngày|tuần|tháng|năm)|phạt tù|năm tù|how many (?:hours|"
            "minutes|days|weeks|months|years)"
        ),
        _TIME,
        "kéo dài|mất|trong|suốt|hết|phạt|tù|án",
    ),
    Quantity.AGE: Measured(
        "(?:bao nhiêu|mấy|nhiêu) tuổi|how old",
        "tuổi",
        "",
    ),
    Quantity.AREA: Measured(
        ("diện tích|(?:bao nhiêu|mấy) (?:ha|hecta|héc ta)|hectares?|area|how (?:big|large)"),
        "m2|m²|km2|km²|ha|hecta|héc ta|héc-ta|mét vuông|sào|mẫu",
        "diện tích|rộng|quy mô|ngập",
    ),
    Quantity.WEIGHT: Measured(
        (
            "nặng|cân nặng|trọng lượng|sản lượng|(?:bao nhiêu|mấy) (?:kg|ký|cân|tấn|tạ|"
            "yến)|how heavy|weigh|weight|tons?|tonnes?|kilos?|kilograms?"
        ),
        "kg|g|gram|ký|cân|tấn|tạ|yến|lượng|kilôgam",
        "nặng|trọng lượng|cân|sản lượng|khối lượng",
    ),
    Quantity.WIDTH: Measured(
        "rộng|how wide|width",
        f"{_DISTANCE}|m2|m²|km2|km²|ha|hecta|héc ta|héc-ta|mét vuông",
        "rộng|diện tích",
    ),
    Quantity.HEIGHT: Measured(
        "cao (?:bao nhiêu|mấy)|chiều cao|độ cao|bao cao|how (?:tall|high)|height",
        f"{_DISTANCE}|độ|tầng",
        "cao|chiều cao|độ cao",
    ),
    Quantity.DEPTH: Measured(
        "sâu|how deep|depth",
        _DISTANCE,
        "sâu|độ sâu",
    ),
    Quantity.DISTANCE: Measured(
        "cách|xa|quãng đường|how far|distance|(?:bao nhiêu|mấy) (?:km|cây số|kilômét)",
        _DISTANCE,
        "cách|xa|quãng đường|khoảng cách",
    ),
    Quantity.LENGTH: Measured(
        "dài|how long|length|(?:bao nhiêu|mấy) (?:m|mét)",
        _DISTANCE,
        "dài|chiều dài",
    ),
    Quantity.SHARE: Measured(
        "phần trăm|%|tỷ lệ|tỉ lệ|percent|percentage|công suất",
        "%|phần trăm",
        "tỷ lệ|tỉ lệ|đạt|chiếm|công suất",
    ),
    Quantity.FINE: Measured(
        "phạt|fined?|how much .*fine",
        _MONEY,
        "phạt|nộp",
    ),
    Quantity.PRIZE: Measured(
        "thưởng|giải thưởng|prize|reward",
        _MONEY,
        "thưởng|nhận|trị giá|giải",
    ),
    Quantity.DAMAGE: Measured(
        "thiệt hại|tổn thất|damage|losses",
        _MONEY,
        "thiệt hại|tổn thất",
    ),
    Quantity.REVENUE: Measured(
        "doanh thu|lợi nhuận|lãi|lời|thu nhập|revenue|profit|income",
        _MONEY,
        "doanh thu|lợi nhuận|lãi|lời|thu nhập|thu về|đạt",
    ),
    Quantity.COST: Measured(
        ("tốn|hết bao nhiêu|hết mấy|kinh phí|chi phí|vốn|đầu tư|trị giá|cost|spent?|worth|budget"),
        _MONEY,
        "kinh phí|chi phí|vốn|đầu tư|trị giá|tốn|hết|tổng mức|ngân sách|chi",
    ),
    Quantity.PRICE: Measured(
        "giá|price",
        _MONEY,
        "giá|mức|bán|mua",
    ),
}
"""In the order in which they are looked for in a question: the first that is found decides."""

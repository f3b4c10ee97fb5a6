"""Vietnamese words of dates: weekdays and parts of a day, as patterns."""

DAY_PART = "rạng sáng|sáng|trưa|chiều|tối|đêm"
WEEKDAY = "thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật"

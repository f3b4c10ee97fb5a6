"""Following of sources: check the due ones, store their articles, schedule the next check.

`follower` checks and schedules, `claimed` claims sources for one of several workers, `intake`
stores what was fetched, `schedule` sets intervals, `report` sums up a check.
"""

from index.sources.following.follower import Follower, OnChecked
from index.sources.following.report import CheckReport
from index.sources.following.schedule import Bounds

__all__ = ["Bounds", "CheckReport", "Follower", "OnChecked"]

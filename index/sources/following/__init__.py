"""Following of sources: check the due ones, store their articles, schedule the next check.

`follower` checks and schedules, `claimed` claims sources for one of several workers, `intake`
stores what was fetched.
"""

from index.sources.following.follower import Follower, OnChecked

__all__ = ["Follower", "OnChecked"]

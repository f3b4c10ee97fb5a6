"""What processes over one database share: work that one does at a time, updates, limits.

`workers` are the processes, which may claim rows; `leases` are what one of them does at a time;
`notifications` tell them of new articles; `inbox` holds the updates that they process,
`flood_buckets` and `pace` the limits that all of them keep together.
"""

from index.store.sharing.flood_buckets import Bucket, FloodBuckets
from index.store.sharing.inbox import MOST_ATTEMPTS, Inbox, Received, State, Turn
from index.store.sharing.leases import Lease, Leases
from index.store.sharing.notifications import listen, notify
from index.store.sharing.pace import LATENESS_SECONDS, SharedPace
from index.store.sharing.workers import Member, Worker, Workers, is_free

__all__ = [
    "LATENESS_SECONDS",
    "MOST_ATTEMPTS",
    "Bucket",
    "FloodBuckets",
    "Inbox",
    "Lease",
    "Leases",
    "Member",
    "Received",
    "SharedPace",
    "State",
    "Turn",
    "Worker",
    "Workers",
    "is_free",
    "listen",
    "notify",
]

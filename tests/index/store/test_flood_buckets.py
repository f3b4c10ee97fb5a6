"""Workers count the requests of a person in one bucket."""

from sqlalchemy import select, update

from index.store import Database, FloodBuckets
from index.store.sharing import Bucket
from index.store.tables import flood_buckets

BOT, LAN = 7, 1001


def take(bucket: Bucket | None, now: float) -> tuple[Bucket, float]:
    left = (bucket.tokens if bucket else 3.0) - 1
    return Bucket(left, now, now + 5 if left < 0 else None), left


def test_two_workers_take_from_the_same_bucket(database: Database) -> None:
    one, two = FloodBuckets(database), FloodBuckets(database)
    assert [one.change(BOT, "message", LAN, take), two.change(BOT, "message", LAN, take)] == [2, 1]
    assert one.change(BOT, "inline", LAN, take) == 2
    assert one.change(BOT, "message", LAN + 1, take) == 2
    assert one.change(BOT + 1, "message", LAN, take) == 2


def test_unused_buckets_are_deleted(database: Database) -> None:
    buckets = FloodBuckets(database)
    buckets.change(BOT, "message", LAN, take)
    buckets.purge(60)
    with database.coordinating() as connection:
        assert connection.scalar(select(flood_buckets.c.tokens)) == 2
        connection.execute(update(flood_buckets).values(seen_at=flood_buckets.c.seen_at - 61))
    buckets.purge(60)
    assert buckets.change(BOT, "message", LAN, take) == 2

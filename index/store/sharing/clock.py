"""Clock of this machine: warn if it differs from that of the database.

Leases, claims and memberships go by the clock of the database; what is due (alerts, bulletins,
sources) by that of the machine that looks for it.
"""

import logging
import time

from index.store.database import Database, now_in

MOST_APART_SECONDS = 30

_LOGGER = logging.getLogger(__name__)


def compare_clocks(database: Database) -> None:
    """Warn in the log if this machine's clock is far from that of the database.

    Raises:
        StorageError: The database cannot be used.
    """
    with database.reading() as connection:
        ahead = time.time() - now_in(connection)
    if abs(ahead) > MOST_APART_SECONDS:
        _LOGGER.warning(
            "the clock of this machine is %.0f s %s that of the database: alerts and sources are "
            "due at other times than on other machines; set it, as by NTP",
            abs(ahead),
            "ahead of" if ahead > 0 else "behind",
        )

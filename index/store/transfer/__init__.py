"""Transfer of everything stored: back up and restore, copy to another database, adopt a copy."""

from index.store.transfer.adoption import adopt, adopt_if_restored
from index.store.transfer.backup import back_up, restore
from index.store.transfer.copying import Progress, TableComparison, copy, take_into_use

__all__ = [
    "Progress",
    "TableComparison",
    "adopt",
    "adopt_if_restored",
    "back_up",
    "copy",
    "restore",
    "take_into_use",
]

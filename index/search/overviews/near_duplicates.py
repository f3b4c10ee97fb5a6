"""Group the near-duplicates among articles, in the order of the articles."""

from collections.abc import Sequence

from index.articles.duplicates import duplicate_keys_of_codes, is_duplicate
from index.models.article import StoredArticle
from index.store import View


def group_near_duplicates(numbers: Sequence[int], most: int, view: View) -> list[list[int]]:
    """Group near-duplicates, in the order of the first of each, until there are so many groups.

    Args:
        numbers: Numbers of articles; those that are gone are left out.
        most: The number of groups.
        view: The articles.
    """
    groups: list[list[int]] = []
    of_key: dict[int, int] = {}
    read: dict[int, StoredArticle] = {}
    for first in range(0, len(numbers), most):
        batch = numbers[first : first + most]
        codes = view.codes(batch)
        for number in batch:
            if number not in codes:
                continue
            keys = duplicate_keys_of_codes(codes[number])
            likely = {of_key[key] for key in keys if key in of_key}
            at = next(
                (at for at in sorted(likely) if _are_one(groups[at][0], number, read, view)), None
            )
            if at is not None:
                groups[at].append(number)
                continue
            if len(groups) == most:
                return groups
            of_key.update((key, len(groups)) for key in keys if key not in of_key)
            groups.append([number])
    return groups


def _are_one(one: int, other: int, read: dict[int, StoredArticle], view: View) -> bool:
    """Whether two articles that share a key are near-duplicates."""
    missing = [number for number in (one, other) if number not in read]
    read.update((number, article) for number, (article, _) in view.get(missing).items())
    return one in read and other in read and is_duplicate(read[one], read[other])

"""Overviews of many articles: pages of headlines with a quote each, of a subject or of the news.

`subject` analyses the words of a subject, `limits` the sources and days, `articles_on_subject`
finds and orders the articles, `near_duplicates` makes one group of those that say the same;
`headlines` puts them together, and `introductions` finds the sentences that say who or what a name
is.

`stories` finds what most sources report: `story_clusters` makes stories of the articles of a day,
and `rising_names` finds the names that are suddenly frequent.
"""

from index.search.overviews.headlines import find_headlines
from index.search.overviews.stories import StoryFinder

__all__ = ["StoryFinder", "find_headlines"]

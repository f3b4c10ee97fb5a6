"""Overviews of many articles: pages of headlines with a quote each, timelines, counts.

`subject` analyses the words of a subject, `limits` the sources and days, `articles_on_subject`
finds and orders the articles, `near_duplicates` makes one group of those that say the same;
`headlines` puts them together, and `introductions` finds the sentences that say who or what a name
is. `timeline` orders the dated sentences on a subject, and `counts` counts the articles on it.

`stories` finds what most sources report: `story_clusters` makes stories of the articles of a day,
and `rising_names` finds the names that are suddenly frequent.
"""

from index.search.overviews.counts import count_articles
from index.search.overviews.headlines import find_headlines
from index.search.overviews.stories import StoryFinder
from index.search.overviews.timeline import find_timeline

__all__ = ["StoryFinder", "count_articles", "find_headlines", "find_timeline"]

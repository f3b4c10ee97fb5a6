"""Follow sources on the web and in folders: discover, poll, fetch articles, store, schedule.

`kinds` is the table of the kinds of sources on the web and their parsers (`feeds`). `discovery`
finds a feed, sitemap or listing page at a site's address. `fetch` is the HTTP client (robots.txt,
rate limit per host, caching, public addresses only). `follower` checks each source when it is due.
Failures are a `FetchError` or `FeedError`.
"""

"""Where articles come from on the web: addresses, fetching, feeds, sitemaps, listing pages.

`discovery` finds what can be followed at a site's address. `fetching` gets a page politely
(robots.txt, one connection a host, cached where it did not change) and safely (public
addresses only, everything bounded). `feeds`, `sitemaps` and `listing` read what was fetched
into items; `urls` says which addresses are one. Each failure is a `FetchError` or a
`FeedError`: it costs its own source a line in the log and nothing else.
"""

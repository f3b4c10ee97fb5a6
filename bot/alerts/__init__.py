"""Send alerts of new articles: compose pending deliveries, send, handle failures and buttons."""

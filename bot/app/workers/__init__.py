"""One process among several over a database: its membership and roles, its share of updates."""

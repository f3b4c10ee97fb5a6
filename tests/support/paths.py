"""Paths of the folders with test data."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
DATA = ROOT / "tests" / "data"
PAGES = DATA / "pages"
FEEDS = DATA / "feeds"

"""Articles: parsing of files and pages, validation, analysis into terms, duplicate detection."""

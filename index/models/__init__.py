"""Values shared by all packages: Article, Quote, Answer, Period, Schedule, SourceKind."""

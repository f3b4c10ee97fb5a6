"""Value objects that all packages share: articles, answers, periods, schedules, problems."""

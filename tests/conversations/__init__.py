"""First messages of people, and the kind of reply that is right for each."""

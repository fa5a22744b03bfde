"""The learner's own page: what is kept, download, erase, retention."""

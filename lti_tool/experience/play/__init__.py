"""A run: one learner's way through a version."""

"""Completions: the fact that a run met its item's rule, and its way to the LMS."""

"""One platform: its people, course and memory, and the ways in which it may differ."""

"""Published items and their versions."""

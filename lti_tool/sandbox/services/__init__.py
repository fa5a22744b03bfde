"""What the tool can call: scores without a score, completions, Moodle's web service."""

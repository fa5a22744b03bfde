"""Two colleagues lay their ways beside each other, and see where they chose differently."""

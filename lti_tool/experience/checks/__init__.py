"""Whether an item is good: can it be played, does it help, is everything there. Pure."""

"""Playing together on one screen, with hands for votes."""

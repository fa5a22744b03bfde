"""Who may launch us: registry, keys, tokens, the outbound client, habits per LMS family."""

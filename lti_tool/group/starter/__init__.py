"""The conversation starter: what a group chose first, in words, for who leads the talk."""

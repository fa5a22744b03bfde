"""The author's desk: checking, previewing and publishing."""

"""The tiny LMS, the tool that knows it, and a browser between them."""

from tinylms import browser, lms, tool

__all__ = ["browser", "lms", "tool"]

"""Deep linking: a designer picks items, the LMS gets content items."""

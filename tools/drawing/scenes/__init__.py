"""What happens in the items, drawn: a module for each item, a function for each drawing."""

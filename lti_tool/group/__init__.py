"""What a group does together, beside each person's own way."""

"""What a group shares: a conversation starter, and what makers hear about their content."""

"""What makers hear about their content, in batches."""

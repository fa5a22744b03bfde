"""One insight that its writer publishes to the people of a course."""

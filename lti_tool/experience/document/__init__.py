"""What an item is: its model, how it is read, and the sentences about what is wrong. Pure."""

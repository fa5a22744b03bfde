"""What an author hands in: a file, a folder or a zip, unpacked and checked."""

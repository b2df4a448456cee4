"""What is followed: films of the sample clip, and boxes compared."""

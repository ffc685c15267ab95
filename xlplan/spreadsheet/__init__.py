"""Excel and its files, and nothing of a plan."""

"""Three years of one plan through a reorganisation: its tables, what is answered, and what every figure must be."""

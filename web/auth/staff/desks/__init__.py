"""A hotel's tablet, and the people who take a shift on it."""

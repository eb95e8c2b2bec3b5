"""Lines, and the people who answer on them."""

"""A need for shelter, carried until somebody sleeps safely."""

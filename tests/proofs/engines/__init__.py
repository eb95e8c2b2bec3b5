"""Real engines under faults: the house they make, the load on it, and reading back what is left."""

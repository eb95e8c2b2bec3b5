"""Everyone's vocabulary: clock, ids, errors, secrets. Standard library only."""

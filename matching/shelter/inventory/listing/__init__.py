"""Many hotels at once, for whoever follows all of them: communes and counts."""

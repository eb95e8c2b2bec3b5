"""Lines from the pieces of track that a map is made of, and the stations at their ends."""

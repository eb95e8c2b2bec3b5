"""Places and questions for ``prove_nearest_places``, and ways to answer them wrongly."""

"""Hotels, nights and needs for ``prove_rooms_ranked``, and other ways to answer it."""

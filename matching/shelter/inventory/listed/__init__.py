"""Hotels of the public list: those that could give rooms, and those that have joined."""

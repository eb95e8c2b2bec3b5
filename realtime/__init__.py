"""How a message travels. Knows no person, place or alert."""

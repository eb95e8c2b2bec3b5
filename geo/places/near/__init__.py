"""What is nearest to a place, alike on both engines."""

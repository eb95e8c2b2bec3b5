"""What each person has said of an event."""

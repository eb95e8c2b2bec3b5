"""What is left of an event when it is over: marks of accounts, counts of stops."""

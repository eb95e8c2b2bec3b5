"""Who was told of an event, and who of them does what."""

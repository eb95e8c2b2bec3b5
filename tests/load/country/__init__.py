"""All of France on this service: people, an evening, costs measured here, and what they come to."""

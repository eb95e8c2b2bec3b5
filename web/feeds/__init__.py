"""Feeds of others, fetched by tasks: where vehicles are, what networks and authorities say."""

"""Processes that take and give rooms, and are killed while they do; what they leave."""

"""Conversations: who may speak where, under which name, and in what order."""

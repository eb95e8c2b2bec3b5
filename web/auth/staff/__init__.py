"""Accounts of those whose work is to answer: made by invitation, entered with a key."""

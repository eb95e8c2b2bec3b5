"""Waking a phone whose page is closed: Web Push, and a signed webhook for the second way."""

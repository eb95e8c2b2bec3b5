"""Everybody comes back at once: the phones, from another process."""

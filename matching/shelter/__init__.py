"""Rooms for tonight: what hotels have free, who needs one, who is sent where, and who pays."""

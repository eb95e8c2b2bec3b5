"""Whom unconfirmed events have disturbed, counted under the names by which that is limited."""

"""Stories, end to end, through the public wire."""

"""Who may not write for a while, and who decides it."""

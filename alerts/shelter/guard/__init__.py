"""Who may open an address, how often, and who is called when it is too often."""

"""Where rides are kept."""

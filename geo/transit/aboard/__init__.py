"""Who rides on what, in memory: gone ten minutes after their last word."""

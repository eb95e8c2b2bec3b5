"""Live helpers by cell: never on disk, gone ten minutes after their last word."""

"""What everyone may know: needs that were not met, nights given, where rooms are."""

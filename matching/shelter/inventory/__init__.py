"""What hotels give tonight: counted, never stored."""

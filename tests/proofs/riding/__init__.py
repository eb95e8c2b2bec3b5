"""What `transit-matched` is made of: who is asked about, what counts as right, and planted bugs."""

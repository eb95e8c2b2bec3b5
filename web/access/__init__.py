"""Who may do what to which object: one declarative table per domain."""

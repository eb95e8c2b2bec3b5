"""How we know that it works: README.md says which folder answers which question."""

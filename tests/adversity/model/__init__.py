"""A small system with the promises of ours, and a switch for each way of not keeping them."""

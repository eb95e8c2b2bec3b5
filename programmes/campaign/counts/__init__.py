"""What is counted of links, what is told of it, and which design does better."""

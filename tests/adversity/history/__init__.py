"""What clients wrote down while everything broke, held against what the servers have afterwards."""

"""What breaks things on purpose: lines, processes, engines, clocks; all of it undone at the end."""

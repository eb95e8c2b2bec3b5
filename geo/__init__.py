"""Where: points, cells, who is around, and what may be shown of it to whom."""

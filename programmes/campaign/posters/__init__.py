"""Posters and stickers: letters, colours, designs, and the two pens that draw them."""

"""What a conversation was about, counted without anybody in it."""

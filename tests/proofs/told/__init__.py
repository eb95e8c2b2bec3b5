"""Nothing is told to who may not know: two worlds that differ in a secret only, side by side."""

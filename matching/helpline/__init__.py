"""A helpline by chat: who waits, who answers, and how one is handed to the other."""

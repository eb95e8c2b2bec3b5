"""From a conversation to another help: only with her yes, given in that room."""

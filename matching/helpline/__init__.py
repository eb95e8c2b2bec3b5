"""The helpline by chat: a queue, operators in rooms, and what they have at hand."""

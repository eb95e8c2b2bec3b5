"""Transport networks: whom to call, what they are told, what they have us tell."""

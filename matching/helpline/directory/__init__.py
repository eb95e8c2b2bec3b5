"""Where else she can turn: services, their numbers and their hours."""

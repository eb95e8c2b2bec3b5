"""How the schema of a database becomes that of the program, without losing a row."""

"""A person asks for help: from the first second to the shredding of where she was."""

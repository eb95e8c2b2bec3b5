"""The doors: settings, pages, commands, access, sessions. The folder that knows every other."""

"""Hotels, stations, communes and outlines: what public files say, loaded by command."""

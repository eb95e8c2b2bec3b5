"""Service alerts: what travellers are told of a line, when an operator has decided so."""

"""The command registry: one definition gives the RPC, the HTTP route and their document."""

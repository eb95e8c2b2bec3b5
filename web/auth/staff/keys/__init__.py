"""What a member proves herself with: passkeys, and codes of an application as a fallback."""

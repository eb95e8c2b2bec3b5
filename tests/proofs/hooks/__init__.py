"""Parts of the proof that networks are told: a receiver that misbehaves, and what is checked."""

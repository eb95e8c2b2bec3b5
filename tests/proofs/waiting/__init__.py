"""A helpline's days, played: who comes, who answers, and by which rule they meet."""

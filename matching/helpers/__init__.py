"""Who may help with what: tier, skills, duty, declared zone, budget, quiet hours, exclusions."""

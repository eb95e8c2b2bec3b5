"""A simulated city beside a development server: people who are asked, answer and come."""

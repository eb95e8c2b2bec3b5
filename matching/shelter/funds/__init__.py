"""Who pays: budgets, vouchers that balance, statements."""

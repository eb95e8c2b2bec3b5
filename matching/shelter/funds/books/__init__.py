"""The books themselves: accounts, vouchers, postings."""

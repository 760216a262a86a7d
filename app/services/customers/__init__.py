"""Customers: who they are, their points and wallets, and duplicates that become one."""

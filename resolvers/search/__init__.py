"""Searching jobs, tasks and other documents: conditions, orders, pages."""

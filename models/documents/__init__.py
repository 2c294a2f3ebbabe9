"""Documents as they are stored, and as the documented API shows them."""

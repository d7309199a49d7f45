"""For admins: whose accounts there are, what each may do, and what was done with them."""

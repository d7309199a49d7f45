"""The console: pages for those who look after the opt-out pages, on this machine only until there is a sign-in."""

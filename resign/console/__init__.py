"""The console: pages for those who look after the opt-out pages, each for whoever has the role."""

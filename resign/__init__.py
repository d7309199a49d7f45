"""resign: the hosted opt-out page for companies that send their mail with Synerise."""

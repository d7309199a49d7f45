"""What somebody should look at: seen the same way by metrics, pages and commands, and told by webhook."""

"""What the product says about itself: logs for people who look for a cause, metrics for alarms."""

"""Every piece that is pasted into Synerise, filled in for one workspace."""

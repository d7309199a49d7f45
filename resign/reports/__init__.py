"""What marketers and operators ask in figures: rollups that the worker keeps, figures, charts and tables of them."""

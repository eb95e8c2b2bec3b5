"""The coalition's slower actions (journal, training, scripts, campaign). Nothing is built yet."""

"""The coalition's slower actions: the campaign; journal, training and scripts are not built yet."""

"""How fast the main job is, stage by stage, and how much memory it takes: `make bench`."""

"""The jobs that gather features, names and tags, and how one is run."""

"""What stands around `harvest.transport`: tries, tokens, and a client that is not ours."""

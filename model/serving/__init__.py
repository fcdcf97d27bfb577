"""The same as `model generate` in a web page of this machine."""

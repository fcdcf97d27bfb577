"""Each service that the emulator stands in for: a request in, a reply out. No HTTP."""

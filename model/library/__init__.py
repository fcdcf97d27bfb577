"""Songs, names and playlists in files mapped into memory, for answers within moments.

What stands here imports NumPy and little else: a command that answers at once cannot wait for
compilers and data frames.
"""

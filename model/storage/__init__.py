"""Files and folders that are there in full or not at all, and what they were made from."""

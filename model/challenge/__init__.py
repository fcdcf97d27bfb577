"""The RecSys Challenge 2018: its files, its ten categories, its figures."""

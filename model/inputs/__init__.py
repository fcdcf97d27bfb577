"""What a state holds -> arrays: Parquet tables and ``harvest.db``, opened to be read."""

"""The whole desk in one file, and a desk made from it again."""

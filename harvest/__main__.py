"""`python -m harvest`: the same as `harvest`."""

from harvest.cli import main

if __name__ == "__main__":
    main()

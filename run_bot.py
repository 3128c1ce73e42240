"""Starts the command line; all else lies in bot/."""

from bot.cli import main

if __name__ == "__main__":
    main()

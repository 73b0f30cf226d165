"""``python -m bot``: every command of the launcher."""

from bot.cli.main import main

if __name__ == "__main__":
    main()

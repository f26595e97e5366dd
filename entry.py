"""Where `rafiq` begins: the FAQ's commands without the bot's libraries, which take a second to load; all others with them."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] == ["faq"]:
        from faq_command import faq

        faq(sys.argv[2:], prog_name="rafiq faq")
    else:
        from rafiq import main as whole

        whole()


if __name__ == "__main__":
    main()

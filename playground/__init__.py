"""A Telegram and a mailbox of one's own, to try a bot in: what `rafiq demo` shows and what the tests run
against.

It speaks to the bot over HTTP and SMTP only, is as strict as Telegram, and needs no network.

```python
pg = Playground(token="1:x", port=0, smtp_port=0, time_scale=1.0, seed=1)
await pg.start()  # or: async with Playground() as pg
pg.api_url, pg.smtp_url, pg.bot_username, pg.token

salma = pg.person("Salma", language_code="fr")  # a private chat with the bot
await salma.says("/start")
await salma.presses("Mes remboursements")  # by label, under a message or below the chat
await salma.press_data("x:1", message)  # any data, as an altered application could
await salma.sends("sticker")  # voice, video_note, location, contact, dice, poll
await salma.sends("document", content, name="a.pdf", caption="...")  # or "photo"
await salma.edits(message, "..."), salma.forwards("..."), salma.replies(message, "...")
await salma.opens(f"https://t.me/{pg.bot_username}?start=payload")  # sends "/start payload"
salma.blocks_the_bot(), salma.unblocks(), salma.deactivates(), salma.speaks("ar")
await salma.sees("Bienvenue")  # the bot's message that holds these words, once there is one

salma.messages, salma.screen, salma.notices  # Message: text, html, keyboard, edits, deleted, alerts ...
pg.mailbox.to("salma@example.com")  # Mail: subject, text, html, links, message_id, raw
pg.calls, pg.called("sendMessage", salma.id), pg.accepted

desk = pg.group("Desk", forum=True, members=[nadia])
await nadia.says("...", desk.topic("R-2026")), desk.posts_anonymously("..."), desk.migrates()

await pg.quiet()  # every update accepted or expired
await pg.until(lambda: salma.screen, timeout=10)
pg.now(), pg.advance(150)  # the clock of dates and lifetimes
pg.faults.add("429", "sendMessage", retry_after=3), pg.faults.lost_200 = 0.05
pg.faults.add("hold", "sendMessage")  # Fault: await fault.reached.wait(), then fault.release()
pg.mailbox.fail("450", times=2), pg.updates.again(update_id), pg.updates.jump()
pg.show(Layout(participants=[salma], group=desk, delegates=[karim]))  # the panes of the page at `pg.api_url`
```

An act is done at the call; `await` on what it gives only lets the others have their turn. All of it can also
be driven over HTTP, under `/play/`: see `control.py`.
"""

from playground.faults import Fault
from playground.groups import Group
from playground.limits import Limits
from playground.mail import Mail, Mailbox
from playground.messages import Act, Button, Link, Message
from playground.people import Person
from playground.server import Playground
from playground.site import Layout

__all__ = [
    "Act",
    "Button",
    "Fault",
    "Group",
    "Layout",
    "Limits",
    "Link",
    "Mail",
    "Mailbox",
    "Message",
    "Person",
    "Playground",
]

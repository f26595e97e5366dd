"""A group, with topics or without: its members, its anonymous administrators, its channel, its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground import text as texts
from playground.chats import ANONYMOUS_ADMIN, CHANNEL_IDENTITY, TELEGRAM, Chat, Topic, User
from playground.messages import Act, Message
from playground.people import Person
from playground.world import World

JSON = dict[str, Any]


class Group:
    """`people` are its members; what they write here is `person.says(text, group)` or `person.says(text,
    topic)`."""

    def __init__(self, world: World, chat: Chat, people: Iterable[Person] = ()) -> None:
        self.world, self.chat = world, chat
        self.people: list[Person] = []
        for person in people:
            self.people.append(person)
            chat.members[person.id] = "member"

    def __repr__(self) -> str:
        return f"<group {self.title}, {self.id}>"

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def title(self) -> str:
        return self.chat.title

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages

    @property
    def topics(self) -> list[Topic]:
        return [topic for topic in self.chat.topics.values() if not topic.deleted]

    def topic(self, words: str) -> Topic:
        """The topic whose name holds these words. Raises LookupError."""
        for topic in self.topics:
            if words in topic.name:
                return topic
        raise LookupError(f"no topic {words!r}; there are {[t.name for t in self.topics]}")

    # who comes and goes

    def joins(self, person: Person, status: str = "member") -> Message:
        """A person comes in: a service message, and `chat_member` if the bot asked for it."""
        old = self.chat.members.get(person.id, "left")
        self.chat.members[person.id] = status
        self.people.append(person)
        self.world.tell_membership(self.chat, person.user, person.user, old, status)
        return self._service(person.user, {"new_chat_members": [person.user.payload()]})

    def leaves(self, person: Person) -> Message:
        old = self.chat.members.get(person.id, "member")
        self.chat.members[person.id] = "left"
        self.people = [other for other in self.people if other is not person]
        self.world.tell_membership(self.chat, person.user, person.user, old, "left")
        return self._service(person.user, {"left_chat_member": person.user.payload()})

    def promotes(self, person: Person, status: str = "administrator") -> Act:
        """Make a member an administrator (or "creator", or "member" again)."""
        old, self.chat.members[person.id] = self.chat.members.get(person.id, "member"), status
        self.world.tell_membership(self.chat, person.user, person.user, old, status)
        return Act()

    def adds_the_bot(self, by: Person, status: str = "member") -> Message:
        """Somebody adds the bot, as a "member" or as "administrator"."""
        old, self.chat.bot = self.chat.bot, status
        self.world.tell_membership(self.chat, by.user, self.world.bot, old, status)
        return self._service(by.user, {"new_chat_members": [self.world.bot.payload()]})

    def removes_the_bot(self, by: Person) -> Act:
        old, self.chat.bot = self.chat.bot, "kicked"
        self.world.tell_membership(self.chat, by.user, self.world.bot, old, "kicked")
        return Act()

    # who speaks for somebody else (TG-18)

    def posts_anonymously(self, text: str, topic: Topic | None = None) -> Message:
        """An administrator who hides behind the group."""
        return self._post(ANONYMOUS_ADMIN, self.chat.payload(), text, topic)

    def posts_as_channel(self, text: str, title: str = "A channel", topic: Topic | None = None) -> Message:
        """Somebody who writes as a channel."""
        return self._post(CHANNEL_IDENTITY, self._channel(title), text, topic)

    def gets_a_channel_post(self, text: str, title: str = "The channel") -> Message:
        """What the linked channel publishes comes in by itself."""
        return self._post(TELEGRAM, self._channel(title), text, None, is_automatic_forward=True)

    def bot_speaks(self, name: str, text: str) -> Message:
        """Another bot writes here."""
        stranger = self.world.new_user(name, is_bot=True, username=f"{name.lower()}_bot")
        return self._post(stranger, None, text, None)

    def _channel(self, title: str) -> JSON:
        return {"id": self.chat.id - 1_000, "title": title, "type": "channel"}

    def _post(
        self, sender: User, sender_chat: JSON | None, text: str, topic: Topic | None, **extra: Any
    ) -> Message:
        message = self.world.add_message(
            self.chat,
            sender,
            sender_chat=sender_chat,
            text=text,
            entities=texts.with_found(text, []),
            thread=topic.id if topic else None,
            extra=extra,
        )
        self.world.tell(message)
        return message

    # what becomes of it

    def opens_topic(self, name: str) -> Topic:
        return self.world.new_topic(self.chat, name)

    def deletes_topic(self, topic: Topic) -> Act:
        topic.deleted = True
        for message in topic.messages:
            self.world.delete(message)
        return Act()

    def migrates(self) -> Group:
        """Become a supergroup, with a new id (TG-19): the new group."""
        new = self.world.new_group(self.title, "supergroup", self.chat.forum)
        new.bot, new.members = self.chat.bot, dict(self.chat.members)
        self._service(ANONYMOUS_ADMIN, {"migrate_to_chat_id": new.id})
        self.chat.migrated_to = new.id
        group = Group(self.world, new)
        group.people = list(self.people)
        group._service(ANONYMOUS_ADMIN, {"migrate_from_chat_id": self.chat.id})
        return group

    def _service(self, sender: User, extra: JSON) -> Message:
        message = self.world.add_message(self.chat, sender, kind="service", extra=extra)
        self.world.tell(message)
        return message

"""The eight updates of one registration, as Telegram would post them."""

import time
from itertools import count

import orjson

from benchmarks.registration.contract import CONFIRM_TEXT, PASSWORD, PASSWORD_TO_HASH

ANSWERS = 8
PASSWORD_STEP = 6
CONFIRM_STEP = 7

_ids = count(1)
_date = int(time.time())
_TEXT = (
    b'{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Salma",'
    b'"language_code":"fr"},"chat":{"id":%d,"first_name":"Salma","type":"private"},"date":%d,"text":%b%b}}'
)
_PRESS = (
    b'{"update_id":%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"Salma",'
    b'"language_code":"fr"},"message":{"message_id":%d,"from":{"id":1234567890,"is_bot":true,'
    b'"first_name":"Benchmark","username":"benchmark_bot"},"chat":{"id":%d,"first_name":"Salma","type":"private"},'
    b'"date":%d,"text":%b%b},"chat_instance":"%d","data":%b}}'
)
_COMMAND = b',"entities":[{"offset":0,"length":%d,"type":"bot_command"}]'


def answer(chat_id: int, step: int, number: int, real_hash: bool) -> bytes:
    """The update in which chat `chat_id` gives its answer `step` (0-7), conversation `number` making it unique."""
    texts = (
        "/start",
        str(100_000 + number),
        "BENNANI",
        "Salma",
        "31/12/1980",
        f"salma{number}@example.ma",
        PASSWORD_TO_HASH if real_hash else PASSWORD,
        CONFIRM_TEXT.lower(),
    )
    return message(chat_id, texts[step])


def message(chat_id: int, text: str) -> bytes:
    """The update in which a chat sends this text, a command or not."""
    update_id = next(_ids)
    command = _COMMAND % len(text) if text.startswith("/") else b""
    return _TEXT % (update_id, 2 * update_id, chat_id, chat_id, _date, orjson.dumps(text), command)


def press(chat_id: int, message_id: int, text: str, markup: bytes, data: str) -> bytes:
    """The update in which a button of that message is pressed."""
    update_id = next(_ids)
    keyboard = b',"reply_markup":' + markup
    return _PRESS % (
        update_id,
        update_id,
        chat_id,
        message_id,
        chat_id,
        _date,
        orjson.dumps(text),
        keyboard,
        chat_id,
        orjson.dumps(data),
    )

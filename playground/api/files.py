"""sendPhoto, sendDocument, getFile: limits and checks as Telegram's."""

from __future__ import annotations

import mimetypes
from typing import Any

from playground.api.args import Args
from playground.api.errors import ApiError, bad
from playground.api.messages import CAPTION_LIMIT, post, read_text
from playground.api.targets import open_chat
from playground.messages import File
from playground.pictures import image_size
from playground.world import World

JSON = dict[str, Any]

UP_LIMIT = 50 << 20
DOWN_LIMIT = 20 << 20
PHOTO_LIMIT = 10 << 20
PATH_LIFETIME = 3_600.0


def _given(world: World, args: Args, field: str) -> File:
    """The file under `field`: an upload, or one that Telegram knows by its id. Raises ApiError."""
    upload = args.upload(field)
    if upload is not None:
        if not upload.content:
            raise bad("file must be non-empty")
        if len(upload.content) > UP_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
        guessed = mimetypes.guess_type(upload.name)[0]
        mime = guessed or upload.mime
        return world.add_file(upload.name or "file", mime, upload.content)
    given = args.string(field)
    if not given:
        raise bad(f"there is no {field} in the request")
    if given.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    known = world.files.get(given)
    if known is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return known


def send_photo(world: World, args: Args) -> JSON:
    chat = open_chat(world, args)
    file = _given(world, args, "photo")
    size = image_size(file.content)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    file.width, file.height = size
    if sum(size) > 10_000 or max(size) > 20 * max(min(size), 1):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    if len(file.content) > PHOTO_LIMIT:
        raise bad("file is too big")
    return _post_file(world, chat, args, "photo", file)


def send_document(world: World, args: Args) -> JSON:
    chat = open_chat(world, args)
    return _post_file(world, chat, args, "document", _given(world, args, "document"))


def _post_file(world: World, chat: Any, args: Args, kind: str, file: File) -> JSON:
    text, entities, source = read_text(args, "caption", CAPTION_LIMIT)
    message = post(world, chat, args, kind=kind, file=file, text=text, entities=entities, html=source)
    return message.payload()


def get_file(world: World, args: Args) -> JSON:
    file = world.files.get(args.string("file_id"))
    if file is None:
        raise bad("invalid file_id" if args.string("file_id") else "file_id is empty")
    if len(file.content) > DOWN_LIMIT:
        raise bad("file is too big")
    file.path_expires = world.clock.now() + PATH_LIFETIME
    return {**file.payload(), "file_path": file.path}


def at_path(world: World, path: str) -> File | None:
    """The file to download, for an hour after its getFile."""
    file = world.paths.get(path)
    return file if file is not None and file.path_expires >= world.clock.now() else None


METHODS = {"sendPhoto": send_photo, "sendDocument": send_document, "getFile": get_file}

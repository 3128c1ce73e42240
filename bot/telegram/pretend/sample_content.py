"""Invented content of messages that are not text, one of each kind a person may send."""

from bot.telegram.pretend.errors import NotPossible

JSON = dict[str, object]

_FILE: JSON = {"file_id": "PretendSample", "file_unique_id": "Sample", "file_size": 20_480}
_PICTURE: JSON = _FILE | {"width": 800, "height": 600}

CONTENT: dict[str, JSON] = {
    "photo": {"photo": [_FILE | {"width": 90, "height": 67}, _PICTURE]},
    "voice": {"voice": _FILE | {"duration": 4, "mime_type": "audio/ogg"}},
    "sticker": {
        "sticker": _PICTURE | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🏔"},
    },
    "location": {"location": {"latitude": 62.2758, "longitude": 10.7746}},
    "contact": {"contact": {"phone_number": "+4700000000", "first_name": "Ola Oppdiktet"}},
    "document": {"document": _FILE | {"file_name": "soknad.pdf", "mime_type": "application/pdf"}},
    "video": {"video": _PICTURE | {"duration": 7, "mime_type": "video/mp4"}},
    "animation": {"animation": _PICTURE | {"duration": 2}},
    "poll": {
        "poll": {
            "id": "5300000000000000001",
            "question": "Fjell eller fjord?",
            "options": [
                {"text": text, "voter_count": 0, "persistent_id": text, "addition_date": 0}
                for text in ("Fjell", "Fjord")
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
}


def of_kind(kind: str) -> JSON:
    """The body of such a message."""
    content = CONTENT.get(kind)
    if content is None:
        raise NotPossible(f"no sample of {kind!r}; there are {', '.join(CONTENT)}")
    return dict(content)

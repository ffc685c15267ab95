"""Texts and the bytes in which a TEXT column holds them: whatever people wrote, half a surrogate pair too."""


def text_to_bytes(text: str) -> bytes:
    """`text` as the bytes that a TEXT column takes by way of CAST."""
    return text.encode("utf-8", "surrogatepass")


def text_from_bytes(raw: bytes) -> str:
    """The text of a TEXT column."""
    return raw.decode("utf-8", "surrogatepass")

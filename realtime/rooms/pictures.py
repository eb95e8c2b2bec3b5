"""A picture that somebody sends, made anew: its pixels, and nothing else that was in the file.

Where and when it was taken, by which phone, a smaller version of what was cut away: none of it is
read into the new one, a JPEG of bounded size. It takes up to a second: in a thread, never on the
loop.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from realtime.rooms.errors import NotAPicture

#: What a phone or a screen makes. Nothing else is even tried.
FORMATS = ("JPEG", "PNG", "WEBP")
#: A JPEG that is told in several passes: what messengers make of a phone's, never a phone.
PROGRESSIVE = "JPEG, progressive"
#: A picture of a good phone; decoding more would take this machine's memory.
MOST_PIXELS = {
    "JPEG": 60_000_000,
    # Held whole while they are decoded: these take up to 400 MB.
    PROGRESSIVE: 20_000_000,
    "PNG": 20_000_000,
    "WEBP": 20_000_000,
}
#: Scans of a JPEG: encoders write a dozen. Each costs a pass over all of its pixels, and a file has
#: place for fifty thousand.
MOST_SCANS = 40
_SCAN = b"\xff\xda"
#: The longer side of what is kept, in pixels: a screenshot is still read.
LONGEST = 2048
QUALITY = 85
MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    body: bytes


def made_anew(file: bytes) -> Picture:
    """The picture of a file as a JPEG of ours, upright; ``NotAPicture`` when there is none."""
    try:
        return _made(file)
    except Exception:  # noqa: BLE001 - decoders raise whatever a wrong file makes them raise
        # None of what they say of a file is repeated.
        raise NotAPicture from None


def _made(file: bytes) -> Picture:
    with Image.open(BytesIO(file), formats=FORMATS) as found:
        kind = _kind(found)
        width, height = found.size
        if width * height > MOST_PIXELS[kind]:
            raise NotAPicture
        if kind in {"JPEG", PROGRESSIVE} and file.count(_SCAN) > MOST_SCANS:
            raise NotAPicture
        # Decodes a large JPEG at a half, a quarter or an eighth, which is all that is needed.
        found.draft("RGB", (LONGEST, LONGEST))
        upright = ImageOps.exif_transpose(found)
    upright.thumbnail((LONGEST, LONGEST))
    flat = _on_white(upright)
    out = BytesIO()
    # Nothing is handed over of the old file: no EXIF, no profile, no comment.
    flat.save(out, "JPEG", quality=QUALITY, exif=b"", icc_profile=None, comment=b"")
    return Picture(flat.width, flat.height, out.getvalue())


def _kind(found: ImageFile) -> str:
    # Phones put a second picture after the first: an MPO, of which the first is a JPEG.
    if not isinstance(found, JpegImageFile):
        return found.format or ""
    return PROGRESSIVE if "progressive" in found.info else "JPEG"


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, and without what the old file said beside its pixels."""
    colours = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    bare = Image.new("RGB", colours.size, "white")
    bare.paste(colours, mask=colours.getchannel("A") if colours.mode == "RGBA" else None)
    return bare

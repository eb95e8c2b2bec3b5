"""A picture is made anew: nothing of the old file is in it but its pixels."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from realtime.rooms.errors import NotAPicture
from realtime.rooms.pictures import LONGEST, MOST_PIXELS, MOST_SCANS, Picture, made_anew

#: Where it was taken, and the words of a phone.
CANARY = "canari-48.8566-2.3522"


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    made = Image.new(mode, (width, height), "red")
    made.paste(Image.new(mode, (width // 2, height), "blue"), (width // 2, 0))
    return made


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = CANARY
    found[0x927C] = CANARY.encode()
    found.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 29: CANARY})
    return found


def saved(made: Image.Image, kind: str, **more: object) -> bytes:
    out = BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()


def opened(made: Picture) -> Image.Image:
    return Image.open(BytesIO(made.body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_phone_writes_beside_the_pixels_is_gone(kind: str) -> None:
    file = saved(picture(), kind, exif=exif(), icc_profile=CANARY.encode()) + CANARY.encode()
    assert CANARY.encode() in file

    made = made_anew(file)

    shown = opened(made)
    assert CANARY.encode() not in made.body
    assert (shown.format, shown.size) == ("JPEG", (made.width, made.height))
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not dict(shown.getexif())


def test_text_and_times_of_a_png_are_gone() -> None:
    info = PngInfo()
    info.add_text("Comment", CANARY)
    info.add_itxt("XML:com.adobe.xmp", CANARY, zip=True)

    made = made_anew(saved(picture(), "PNG", pnginfo=info))

    assert CANARY.encode() not in made.body
    assert b"xmp" not in made.body.lower()


def test_a_comment_and_a_profile_of_a_jpeg_are_gone() -> None:
    made = made_anew(saved(picture(), "JPEG", comment=CANARY.encode(), xmp=CANARY.encode()))

    assert CANARY.encode() not in made.body


def test_a_picture_taken_sideways_stands_upright() -> None:
    made = made_anew(saved(picture(), "JPEG", exif=exif(orientation=6), quality=95))

    top, bottom = (opened(made).convert("RGB").getpixel((20, y)) for y in (5, 55))
    assert (made.width, made.height) == (40, 60)
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 200, bottom[2] > 200) == (True, True)


def test_what_is_transparent_is_white_and_hides_nothing() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))

    made = made_anew(saved(clear, "PNG"))

    colour = opened(made).convert("RGB").getpixel((10, 10))
    assert isinstance(colour, tuple)
    assert min(colour) > 250


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_pictures_of_other_colours_are_shown(mode: str) -> None:
    made = made_anew(saved(picture().convert(mode), "JPEG" if mode in {"L", "CMYK"} else "PNG"))

    assert (made.width, made.height) == (60, 40)


@pytest.mark.parametrize(("kind", "width"), [("JPEG", 5000), ("PNG", 3000)])
def test_a_large_picture_is_made_smaller(kind: str, width: int) -> None:
    made = made_anew(saved(picture(width, 300), kind))

    assert made.width == LONGEST
    assert len(made.body) < 300_000


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is as large as that, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0"))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        saved(picture(), "GIF"),
        saved(picture(), "BMP"),
        saved(picture(), "TIFF"),
        saved(picture(), "PNG")[:60],
        saved(picture(400, 400), "JPEG")[:500],
        bomb(MOST_PIXELS["PNG"] // 1000 + 1, 1000),
        bomb(100_000, 2_000),
        bomb(200_000, 200_000),
        bomb(10, 10),
    ],
    ids=lambda file: f"{len(file)} bytes {file[:4]!r}" if isinstance(file, bytes) else "",
)
def test_what_is_no_picture_or_too_large_a_one_is_refused_alike(file: bytes) -> None:
    with pytest.raises(NotAPicture) as refused:
        made_anew(file)
    assert refused.value.__cause__ is None


def test_a_picture_that_holds_another_beside_it_is_a_picture() -> None:
    """As phones of today write them: a JPEG with a smaller one, or its lights, after it."""
    made = made_anew(saved(picture(), "MPO", save_all=True, append_images=[picture(30, 20)]))

    assert (made.width, made.height) == (60, 40)


def test_a_picture_that_is_told_again_and_again_is_not_decoded() -> None:
    """A last scan of some bytes, repeated, costs a pass over all pixels each time."""
    file = saved(picture(640, 480), "JPEG", progressive=True)
    last = file[file.rindex(b"\xff\xda") : -2]

    assert made_anew(file[:-2] + last * 5 + file[-2:]).width == 640
    with pytest.raises(NotAPicture):
        made_anew(file[:-2] + last * MOST_SCANS + file[-2:])


def test_a_progressive_picture_is_smaller_as_all_of_it_is_held_while_it_is_decoded() -> None:
    file = saved(Image.new("L", (6_000, 3_500)), "JPEG", progressive=True)

    assert made_anew(saved(Image.new("L", (6_000, 3_500)), "JPEG")).width == LONGEST
    with pytest.raises(NotAPicture):
        made_anew(file)

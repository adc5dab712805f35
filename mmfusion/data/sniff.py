"""Says what a file holds by its first bytes, for error messages."""

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"P5", "PPM"),
    (b"P6", "PPM"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"fLaC", "FLAC"),
    (b"OggS", "Ogg"),
    (b"FORM", "AIFF"),
    (b"ID3", "MP3"),
    (b"\x93NUMPY", "NumPy"),
    (b"\x1aE\xdf\xa3", "Matroska"),
    (b"\0\0\x01\xba", "MPEG-PS"),
    (b"FLV\x01", "FLV"),
    (b"0&\xb2u\x8ef\xcf\x11", "ASF"),
)
# Brands of `ftyp` that are pictures.
_PICTURES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
# What may hold frames, or a sound track beside them.
CONTAINERS = ("MP4", "Matroska", "AVI", "MPEG-TS", "MPEG-PS", "FLV", "ASF")


def sniff(data: bytes) -> str:
    """The type of a file, as far as its beginning tells.

    Example:

    >>> sniff(b"<!DOCTYPE html><html>"), sniff(b"\\xff\\xd8\\xff\\xe0")
    ('HTML', 'JPEG')
    """
    if data[:4] in (b"RIFF", b"RIFX", b"RF64"):
        return {b"WAVE": "WAV", b"WEBP": "WEBP", b"AVI ": "AVI"}.get(
            data[8:12], "RIFF"
        )
    if data[4:8] == b"ftyp":
        return "HEIF" if data[8:12] in _PICTURES else "MP4"
    if data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "MP4"  # QuickTime, from before there were brands.
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:1] == b"G" == data[188:189]:
        return "MPEG-TS"  # Packets of 188 bytes.
    if data[:1] == b"\xff" and data[1:2] and data[1] & 0xE6 == 0xE2:
        return "MP3"  # The sync word of MPEG audio, layer III.
    start = data[:512].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "HTML"
    if start.startswith((b"<?xml", b"<svg")):
        return "XML"
    if start.startswith((b"{", b"[")):
        return "JSON"
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in start)
    return "text" if start and printable == len(start) else "unknown data"

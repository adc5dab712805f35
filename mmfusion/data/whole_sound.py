"""Says whether a sound file is as long as it says."""


def is_whole_sound(data):
    """False where a container declares more than there is.

    soundfile silently reads what is left of a truncated file. WAV files are
    known to be whole when they come here.
    """
    if data[:4] == b"FORM":
        return int.from_bytes(data[4:8], "big") + 8 <= len(data)
    if data[:4] == b"RF64":  # The chunk `ds64` has the size in 64 bits.
        return int.from_bytes(data[20:28], "little") + 8 <= len(data)
    if data[:4] == b"OggS":  # The last page says that it is the last.
        flags = data[data.rfind(b"OggS") + 5 :][:1]
        return bool(flags and flags[0] & 4)
    return True

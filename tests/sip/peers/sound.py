# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tone is heard, and files with a tone."""

import math
import struct
import wave

from deskset import wait_until


def share(samples, rate, frequency):
    """How much of the energy is at one frequency, 0 to 1 (Goertzel)."""
    if not samples:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
    one = two = 0.0
    total = 0.0
    for sample in samples:
        one, two = sample + coefficient * one - two, one
        total += sample * sample
    power = one * one + two * two - coefficient * one * two
    return power / (total * len(samples) / 2) if total else 0.0


def level(samples):
    """Root of the mean square."""
    return math.sqrt(sum(s * s for s in samples) / len(samples)) if samples else 0.0


def wait_tone(read, frequency, timeout=10, seconds=0.5, what="somebody"):
    """Waits until the newest half second of `read () -> (samples, rate)` is that tone, loud and clear."""
    last = [0.0, 0.0]

    def hears():
        samples, rate = read()
        newest = samples[-int(rate * seconds):] if rate else []
        if len(newest) < rate * seconds or not rate:
            return False
        last[:] = [share(newest, rate, frequency), level(newest)]
        return last[0] > 0.9 and last[1] > 300
    wait_until(hears, timeout, f"{what} hears {frequency} Hz (share, level so far: {last})", 0.1)


def wait_silence(read, timeout=10, seconds=0.3, what="somebody"):
    def silent():
        samples, rate = read()
        newest = samples[-int(rate * seconds):] if rate else []
        return len(newest) > 0 and level(newest) < 100
    wait_until(silent, timeout, f"{what} hears nothing", 0.1)


def write_tone(path, frequency, seconds=2, rate=16000, amplitude=9000):
    """A mono WAV file with whole periods of a tone."""
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", int(amplitude * math.sin(2 * math.pi * frequency * i / rate)))
                                  for i in range(seconds * rate)))

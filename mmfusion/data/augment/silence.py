"""What nothing sounds like, as a waveform and as a spectrogram."""

import math

FLOOR = math.log(1e-6)  # Of `log_mel`, in digital silence.

# By rank of a batch: (rows, samples), (rows, frames, bands).
SILENCE = {2: 0.0, 3: FLOOR}

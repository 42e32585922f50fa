"""Who kills senders."""

import os
import random
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Reaper:
    """Kills a sender now and then, as often as it may."""

    chance: float = 0.0
    budget: int = 0
    kills: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def told(cls, text: str) -> "Reaper":
        """`0.4:300` is four in ten, three hundred times."""
        chance, _, budget = text.partition(":")
        return cls(float(chance), int(budget))

    def strikes(self, pid: int) -> bool:
        with self.lock:
            if not pid or self.kills >= self.budget or self.dice.random() >= self.chance:
                return False
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.kills += 1
            return True

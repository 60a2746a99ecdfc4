"""Records the attention of a Hugging Face causal model as a `.kvtrace` file, which kvtui replays."""

from .errors import RecordError
from .file import Recording, read
from .recorder import Recorder, record
from .replay import attention_weights

__all__ = ["RecordError", "Recorder", "Recording", "attention_weights", "read", "record"]

"""Known errors of the core: the input's or the machine's fault, one sentence that says what to do.

Anything that is not a :class:`CoreError` is a bug and is reported with its traceback.
"""


class CoreError(Exception):
    """One sentence for the person."""

    @property
    def sentence(self) -> str:
        return str(self)


class ImageError(CoreError):
    """An image that cannot be read.

    The text is a fragment that follows a file name, such as ``truncated: the file ends early``.
    """

    @property
    def reason(self) -> str:
        return str(self)


class BackboneError(CoreError):
    """A backbone that cannot be loaded: unknown, not on this machine, damaged or of another architecture."""


class DeviceError(CoreError):
    """A device that was asked for and is not there."""


class DeviceMemoryError(CoreError):
    """The device has no room for a batch of this size; a smaller one may fit."""


class FeatureStoreError(CoreError):
    """Cached features that cannot be read or written."""


class DatasetError(CoreError):
    """Lists, images or files of a benchmark that cannot be used; the sentence names file, line or field."""


class TrainingError(CoreError):
    """A training run that cannot go on: its numbers are not finite any more."""


class ModelFileError(CoreError):
    """A model or checkpoint that cannot be written, or that is not what was written."""


class OnnxError(CoreError):
    """A graph that cannot be exported, verified or run; torch does the same work."""


class InputError(CoreError):
    """A value given to the core that cannot be used; the sentence names it."""

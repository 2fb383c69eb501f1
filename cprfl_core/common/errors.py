"""Known errors of the core, caused by the input or the machine: one sentence that says what to do.

Anything that is not a :class:`CoreError` is a bug and is reported with its traceback.
"""

from typing import ClassVar


class CoreError(Exception):
    """Base class; the text is one sentence for the user."""

    known: ClassVar[bool] = True
    """Marks known errors for an application that reports all others as bugs."""

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
    """A backbone that cannot be loaded: unknown, not downloaded, damaged or of another architecture."""


class DeviceError(CoreError):
    """A requested device that is not available."""


class DeviceMemoryError(CoreError):
    """The batch does not fit in the device's memory; a smaller one may."""


class FeatureStoreError(CoreError):
    """Cached features that cannot be read or written."""


class DatasetError(CoreError):
    """A list, image or file of a benchmark that cannot be used; the sentence names file, line or field."""


class TrainingError(CoreError):
    """A training run that cannot continue because its numbers are no longer finite."""


class ModelFileError(CoreError):
    """A model or checkpoint that cannot be written, or is missing, damaged or altered."""


class OnnxError(CoreError):
    """A graph that cannot be exported, verified or run; torch is used instead."""


class InputError(CoreError):
    """An invalid argument; the sentence names it."""

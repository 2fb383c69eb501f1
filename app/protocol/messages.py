"""Commands to the worker and events from it: two closed unions with a literal tag ``type``.

A job is started by one job command, names itself by ``job`` (unique for the life of a worker), and ends
with exactly one terminal event. A new kind of job adds one command, one result and its place in the unions;
a change that an older peer would misread raises ``PROTOCOL_VERSION``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PROTOCOL_VERSION = 1


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# --- commands -----------------------------------------------------------------------------------------


class DescribeBackbone(Message):
    """Load a backbone and tell its key; the key decides which feature folder the next jobs use.

    ``backbone`` is "bundled", an open_clip architecture or "local-dir:/path"; ``weights`` a file or a
    pretrained tag; ``device`` None lets the worker choose.
    """

    type: Literal["describe_backbone"] = "describe_backbone"
    job: str
    backbone: str
    weights: str | None = None
    device: str | None = None
    allow_download: bool = False


class IndexImages(Message):
    """Embed the images listed in the file ``items`` (app.protocol.files) into the folder ``features``.

    ``expected_key`` is the backbone key that the folder belongs to; the job fails when the weights that
    are loaded have another one, so that features of two backbones are never mixed. ``patches``: keep patch
    tokens too, "pooled" (small) or "full"; None for embeddings alone.
    """

    type: Literal["index_images"] = "index_images"
    job: str
    backbone: str
    expected_key: str
    items: str
    features: str
    weights: str | None = None
    device: str | None = None
    allow_download: bool = False
    batch_size: int | None = Field(default=None, ge=1)
    patches: Literal["pooled", "full"] | None = None


class EncodeText(Message):
    """Encode the categories of the file ``prompts`` (app.protocol.files) and add them to ``features``."""

    type: Literal["encode_text"] = "encode_text"
    job: str
    backbone: str
    expected_key: str
    prompts: str
    features: str
    weights: str | None = None
    device: str | None = None
    allow_download: bool = False


class Cancel(Message):
    """Stop a running or waiting job after its present batch; what is finished is kept."""

    type: Literal["cancel"] = "cancel"
    job: str


class Shutdown(Message):
    """Cancel what runs and end the process; the same as the end of standard input."""

    type: Literal["shutdown"] = "shutdown"


JobCommand = DescribeBackbone | IndexImages | EncodeText
Command = JobCommand | Cancel | Shutdown


# --- results, carried by the terminal events ------------------------------------------------------------


class BackboneResult(Message):
    """``grid`` is (rows, columns) of patch tokens; ``device`` and ``precision`` as the worker chose them."""

    type: Literal["backbone"] = "backbone"
    key: str
    embed_dim: int
    patch_width: int
    grid: tuple[int, int]
    device: str
    precision: str


class IndexResult(Message):
    """``embedded`` images are on disk, ``failed`` ones were each told by an ItemFailed."""

    type: Literal["index"] = "index"
    embedded: int
    failed: int
    seconds: float


class TextResult(Message):
    """``encoded`` categories were added, each with ``dim`` values."""

    type: Literal["text"] = "text"
    encoded: int
    dim: int
    seconds: float


JobResult = Annotated[BackboneResult | IndexResult | TextResult, Field(discriminator="type")]


# --- events -------------------------------------------------------------------------------------------


class Hello(Message):
    """The first line of a worker, sent before anything heavy is imported. Memory in bytes."""

    type: Literal["hello"] = "hello"
    protocol: int
    pid: int
    python: str
    platform: str
    versions: dict[str, str]
    memory_total: int
    memory_available: int


class DeviceInfo(Message):
    """Follows the Hello as soon as torch is loaded; ``reason`` says why this device was chosen.

    ``memory`` of the device in bytes, None where the system does not tell.
    """

    type: Literal["device_info"] = "device_info"
    device: str
    precision: str
    reason: str
    name: str = ""
    memory: int | None = None


class Heartbeat(Message):
    """Sent every two seconds while a job runs: the process lives even when a batch takes long."""

    type: Literal["heartbeat"] = "heartbeat"
    job: str
    busy_seconds: float


class Started(Message):
    """The job's backbone is ready. ``feature_key`` is the key of the weights that are really loaded."""

    type: Literal["started"] = "started"
    job: str
    feature_key: str
    device: str
    precision: str


class Progress(Message):
    """At most ten a second for a job. ``rate`` in items per second, ``remaining`` in seconds."""

    type: Literal["progress"] = "progress"
    job: str
    stage: str
    done: int
    total: int | None = None
    rate: float | None = None
    remaining: float | None = None


class ItemFailed(Message):
    """One item (an image id) could not be used; the job goes on."""

    type: Literal["item_failed"] = "item_failed"
    job: str
    item: int
    reason: str


class WorkerWarning(Message):
    """Something the person should know that does not stop the job (memory ran out, batch halved)."""

    type: Literal["warning"] = "warning"
    job: str | None
    text: str


class Completed(Message):
    type: Literal["completed"] = "completed"
    job: str
    result: JobResult


class Cancelled(Message):
    """``result`` tells what is kept. ``forced``: the process had to be ended, which only a client says."""

    type: Literal["cancelled"] = "cancelled"
    job: str
    result: JobResult | None = None
    forced: bool = False


class Failed(Message):
    """``known``: ``message`` is one sentence that says what to do. Otherwise a bug, with ``traceback``."""

    type: Literal["failed"] = "failed"
    job: str
    known: bool
    message: str
    traceback: str | None = None


class Crashed(Message):
    """The process ended, or never began, without a terminal event. Made by the client, never sent.

    ``exit_code`` is negative for a signal and None where there was no process; ``log`` holds the last lines
    of the worker's log.
    """

    type: Literal["crashed"] = "crashed"
    job: str | None
    message: str
    exit_code: int | None = None
    log: tuple[str, ...] = ()


Event = (
    Hello
    | DeviceInfo
    | Heartbeat
    | Started
    | Progress
    | ItemFailed
    | WorkerWarning
    | Completed
    | Cancelled
    | Failed
)
SentTerminal = Completed | Cancelled | Failed
Terminal = SentTerminal | Crashed

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])
EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])

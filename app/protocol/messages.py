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
    """Encode the categories of the file ``prompts`` (app.protocol.files) and add them to ``features``.

    ``kind`` "joint": normalised, to be compared with embeddings; "raw": as CPRFL takes them.
    """

    type: Literal["encode_text"] = "encode_text"
    job: str
    backbone: str
    expected_key: str
    prompts: str
    features: str
    weights: str | None = None
    device: str | None = None
    allow_download: bool = False
    kind: Literal["joint", "raw"] = "joint"


class TrainHead(Message):
    """Tune a head on the labels of the file ``snapshot`` (cprfl_core.tuning_snapshot) and the patch tokens
    in the folder ``features``, whose key must be ``expected_key``.

    The version is written into the folder ``out``, which must not exist yet, and appears there at one
    moment. ``work`` keeps checkpoints: the same command with the same folder goes on where it was
    interrupted. ``parent`` is the folder of the version to start from, ``pretrained`` one with a head that
    came with the backbone; the worker says in its result where it started. ``epochs`` None lets it choose.
    """

    type: Literal["train_head"] = "train_head"
    job: str
    snapshot: str
    features: str
    expected_key: str
    out: str
    work: str
    parent: str | None = None
    pretrained: str | None = None
    device: str | None = None
    epochs: int | None = Field(default=None, ge=1)
    seed: int = Field(default=0, ge=0)


class ScoreImages(Message):
    """Score all images that have patch tokens in ``features`` with the version in the folder ``model``.

    ``out`` becomes a file of scores (cprfl_core.tuned_scores). ``only`` names a .npy file of image ids to
    leave the others out.
    """

    type: Literal["score_images"] = "score_images"
    job: str
    model: str
    features: str
    expected_key: str
    out: str
    only: str | None = None
    device: str | None = None


class ShowHeat(Message):
    """Work out where in one image a category is seen, from the patch tokens in ``features``.

    ``model`` is the folder of a version, None where there is none; a category that it does not know is looked
    for with the text of the key ``text``. ``width`` and ``height`` are those of the image. ``out`` becomes a
    .npy file, float32 [rows, columns] in 0 to 1.
    """

    type: Literal["show_heat"] = "show_heat"
    job: str
    features: str
    expected_key: str
    image: int
    category: int
    text: str
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    out: str
    model: str | None = None


class Cancel(Message):
    """Stop a running or waiting job after its present batch; what is finished is kept."""

    type: Literal["cancel"] = "cancel"
    job: str


class Shutdown(Message):
    """Cancel what runs and end the process; the same as the end of standard input."""

    type: Literal["shutdown"] = "shutdown"


JobCommand = DescribeBackbone | IndexImages | EncodeText | TrainHead | ScoreImages | ShowHeat
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


class TrainResult(Message):
    """A version lies in ``out``. ``start`` tells what it was started from, ``tuned`` what was tuned and why,
    both in words. ``stopped``: it was ended before its time and holds what was learned until then.
    """

    type: Literal["train"] = "train"
    out: str
    images: int
    categories: int
    folds: int
    epochs: int
    start: str
    tuned: str
    device: str
    precision: str
    seconds: float
    stopped: bool = False


class ScoreResult(Message):
    """``scored`` images are in the file ``out``."""

    type: Literal["score"] = "score"
    out: str
    scored: int
    seconds: float


class HeatResult(Message):
    """The map is in the file ``out`` and lies on ``rectangle``: left, top, right, bottom in pixels of the
    image, beyond which it may reach. ``source``: a tuned head sees it so, or the text.
    """

    type: Literal["heat"] = "heat"
    out: str
    rectangle: tuple[float, float, float, float]
    source: Literal["tuned", "text"]


JobResult = Annotated[
    BackboneResult | IndexResult | TextResult | TrainResult | ScoreResult | HeatResult,
    Field(discriminator="type"),
]


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


class EpochDone(Message):
    """One pass over the training images is complete: a point of the live curves.

    ``part`` of ``parts`` runs counts from 1; ``fold`` is the one held out, None in the run over all images.
    ``loss`` is the mean of the epoch. The others are mean average precisions on the held-out fold, None
    where nothing is held out or no category of the band has a yes there.
    """

    type: Literal["epoch"] = "epoch"
    job: str
    part: int
    parts: int
    fold: int | None
    epoch: int
    epochs: int
    loss: float
    total: float | None = None
    head: float | None = None
    medium: float | None = None
    tail: float | None = None


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
    | EpochDone
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

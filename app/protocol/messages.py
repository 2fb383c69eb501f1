"""Commands to the worker and events from it: two closed unions with a literal tag ``type``.

A job is started by one job command, is identified by ``job`` (unique for the life of a worker), and ends with
exactly one terminal event. A new kind of job adds a command and a result to the unions; a change that an
older peer would misread increments ``PROTOCOL_VERSION``.
"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_serializer, model_validator

from cprfl_core.tuning.facts import RunFacts, nested

PROTOCOL_VERSION = 1


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# --- commands -----------------------------------------------------------------------------------------


class DescribeBackbone(Message):
    """Load a backbone and return its key, which decides the feature folder of the next jobs.

    ``backbone`` is "bundled", a photo model, an open_clip architecture or "local-dir:/path"; ``weights`` a
    file or a pretrained tag; with ``device`` None the worker chooses.
    """

    type: Literal["describe_backbone"] = "describe_backbone"
    job: str
    backbone: str
    weights: str | None = None
    device: str | None = None
    allow_download: bool = False


class CheckBackbone(Message):
    """Load a backbone, compute features of noise with it and measure its speed. Nothing is downloaded."""

    type: Literal["check_backbone"] = "check_backbone"
    job: str
    backbone: str
    weights: str | None = None
    device: str | None = None
    allow_download: Literal[False] = False


class IndexImages(Message):
    """Embed the images listed in the file ``items`` (app.protocol.files) into the folder ``features``.

    ``expected_key`` is the key of the folder's backbone; the job fails if the loaded weights have another
    key, so that features of two backbones are never mixed. ``patches``: also keep patch tokens, "pooled"
    (small) or "full"; None for embeddings only. ``run``: images of the whole run, of which these are a part.
    ``accept_cut``: read truncated JPEG files of which only a little is missing.
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
    run: int | None = Field(default=None, ge=0)
    accept_cut: bool = False


class EncodeText(Message):
    """Encode the categories of the file ``prompts`` (app.protocol.files) and add them to ``features``.

    ``kind`` "joint": normalised, comparable with embeddings; "raw": the input of CPRFL.
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
    """Tune a head on the labels of the file ``snapshot`` (cprfl_core.tuning.snapshot) and the patch tokens
    in the folder ``features``, whose key must be ``expected_key``.

    The version is written into the folder ``out``, which must not exist yet, in one atomic step. ``work``
    keeps checkpoints: the same command with the same folder resumes an interrupted run. ``parent`` is the
    folder of the version to start from, ``pretrained`` that of a head pretrained with the backbone; the
    result says where it started. With ``epochs`` None the worker chooses.
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

    The scores are written to the file ``out`` (cprfl_core.tuning.scores). ``only``: a .npy file with the ids
    of the images to score.
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
    """Compute a heat map of one category in one image, from the patch tokens in ``features``.

    ``model`` is the folder of a version or None; for a category that it does not know, the text with the key
    ``text`` is used. ``width`` and ``height`` are those of the image. The map is written to ``out``, a .npy
    file, float32 [rows, columns] in 0 to 1.
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


class MapImages(Message):
    """Place images on a map by t-SNE of their embeddings in ``features``.

    ``items``: a .npy file with the ids of the images, int64. The map is written to ``out``, a safetensors
    file with ``ids`` int64 [N] and ``places`` float32 [N, 2]; images without features are left out.
    """

    type: Literal["map_images"] = "map_images"
    job: str
    features: str
    expected_key: str
    items: str
    out: str


class Cancel(Message):
    """Stop a running or waiting job after its current batch; what is finished is kept."""

    type: Literal["cancel"] = "cancel"
    job: str


class Shutdown(Message):
    """Cancel the running job and end the process, like the end of standard input."""

    type: Literal["shutdown"] = "shutdown"


JobCommand = (
    DescribeBackbone
    | CheckBackbone
    | IndexImages
    | EncodeText
    | TrainHead
    | ScoreImages
    | ShowHeat
    | MapImages
)
Command = JobCommand | Cancel | Shutdown


# --- results, carried by the terminal events ------------------------------------------------------------


class BackboneResult(Message):
    """``grid`` is (rows, columns) of patch tokens; ``device`` and ``precision`` as the worker chose them.

    ``text_side``: text scores come from the model's text encoder, or from nouns and its classifier.
    """

    type: Literal["backbone"] = "backbone"
    key: str
    embed_dim: int
    patch_width: int
    grid: tuple[int, int]
    device: str
    precision: str
    text_side: Literal["prompts", "nouns"] = "prompts"


class CheckResult(Message):
    """The backbone can be used: its features are finite, of the width ``embed_dim``, and differ by image.

    ``image_size`` is (height, width) of its input; the rate is that of the model alone, without decoding.
    """

    type: Literal["check"] = "check"
    key: str
    embed_dim: int
    image_size: tuple[int, int]
    images_per_second: float
    device: str
    precision: str


class IndexResult(Message):
    """``embedded`` images are on disk; there was an ItemFailed for each of the ``failed`` ones."""

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
    """The new version is in the folder ``out``. In JSON the facts are beside it, not under a key."""

    type: Literal["train"] = "train"
    out: str
    facts: RunFacts

    @model_validator(mode="before")
    @classmethod
    def _from_json(cls, document: Any) -> Any:
        return nested(document) if isinstance(document, dict) and "facts" not in document else document

    @model_serializer(mode="plain")
    def _to_json(self) -> dict[str, Any]:
        return {"type": self.type, "out": self.out, **asdict(self.facts)}


class ScoreResult(Message):
    """``scored`` images are in the file ``out``."""

    type: Literal["score"] = "score"
    out: str
    scored: int
    seconds: float


class HeatResult(Message):
    """The map is in the file ``out`` and covers ``rectangle``: left, top, right, bottom in pixels of the
    image, which it may exceed. ``source``: computed by a tuned head, or from the text.
    """

    type: Literal["heat"] = "heat"
    out: str
    rectangle: tuple[float, float, float, float]
    source: Literal["tuned", "text"]


class MapResult(Message):
    """``placed`` images are on the map in the file ``out``."""

    type: Literal["map"] = "map"
    out: str
    placed: int
    seconds: float


JobResult = Annotated[
    BackboneResult
    | CheckResult
    | IndexResult
    | TextResult
    | TrainResult
    | ScoreResult
    | HeatResult
    | MapResult,
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
    """Sent after Hello as soon as torch is loaded; ``reason`` says why this device was chosen.

    ``memory`` of the device in bytes, None if unknown.
    """

    type: Literal["device_info"] = "device_info"
    device: str
    precision: str
    reason: str
    name: str = ""
    memory: int | None = None


class Heartbeat(Message):
    """Sent every two seconds while a job runs, because a batch may take long."""

    type: Literal["heartbeat"] = "heartbeat"
    job: str
    busy_seconds: float


class Started(Message):
    """The job's backbone is ready. ``feature_key`` is the key of the loaded weights."""

    type: Literal["started"] = "started"
    job: str
    feature_key: str
    device: str
    precision: str


class Progress(Message):
    """At most ten a second for a job. ``rate`` in items per second, ``remaining`` in seconds.

    ``stage`` is a caption. ``part`` of ``parts`` counts from 1 while a head is trained, both are 0 otherwise.
    """

    type: Literal["progress"] = "progress"
    job: str
    stage: str
    done: int
    total: int | None = None
    rate: float | None = None
    remaining: float | None = None
    part: int = 0
    parts: int = 0


class EpochDone(Message):
    """An epoch is complete: a point of the live curves.

    ``part`` of ``parts`` runs counts from 1; ``fold`` is held out, None in the run over all images. ``loss``
    is the mean of the epoch. The others are mean average precisions on the held-out fold, None if nothing is
    held out or no category of the band has a yes there.
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
    """One item (an image id) could not be used; the job continues."""

    type: Literal["item_failed"] = "item_failed"
    job: str
    item: int
    reason: str


class ThumbnailMade(Message):
    """The thumbnail of an item (an image id), made of the picture decoded for the model; base64."""

    type: Literal["thumbnail_made"] = "thumbnail_made"
    job: str
    item: int
    data: str


class WorkerWarning(Message):
    """Something the user should know that does not stop the job (memory ran out, batch halved)."""

    type: Literal["warning"] = "warning"
    job: str | None
    text: str


class Completed(Message):
    """The job is done, with its ``result``."""

    type: Literal["completed"] = "completed"
    job: str
    result: JobResult


class Cancelled(Message):
    """``result`` is what is kept. ``forced``: the process had to be ended; set only by a client."""

    type: Literal["cancelled"] = "cancelled"
    job: str
    result: JobResult | None = None
    forced: bool = False


class Failed(Message):
    """``known``: ``message`` is a sentence that says what to do. Otherwise a bug, with ``traceback``."""

    type: Literal["failed"] = "failed"
    job: str
    known: bool
    message: str
    traceback: str | None = None


class Crashed(Message):
    """The process ended without a terminal event, or could not be started. Made by the client, never sent.

    ``exit_code`` is negative for a signal and None if there was no process; ``log`` has the last lines of the
    worker's log.
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
    | ThumbnailMade
    | WorkerWarning
    | Completed
    | Cancelled
    | Failed
)
SentTerminal = Completed | Cancelled | Failed
Terminal = SentTerminal | Crashed

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])
EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])

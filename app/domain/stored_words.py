"""English texts that are stored or come from the worker process, in the language of the window when shown.

The database, the history and the worker speak English, so that a project reads the same everywhere. Each
text is made from one of the templates below; what fits none is shown as it is.
"""

from typing import Final

from app.domain.counting import COUNTED
from app.domain.language import QT_TRANSLATE_NOOP, shown

_STEPS: Final = (
    QT_TRANSLATE_NOOP("Steps", "Add {name} and say yes on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Add {name} and say no on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Add {name} and say unknown on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Say yes to {n} suggestions and mark {images} as reviewed"),
    QT_TRANSLATE_NOOP("Steps", "Say yes to {name} and mark {images} as reviewed"),
    QT_TRANSLATE_NOOP("Steps", "Say yes to {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Say no to {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Say unknown to {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Mark {images} as reviewed"),
    QT_TRANSLATE_NOOP("Steps", "Unmark {images} as reviewed"),
    QT_TRANSLATE_NOOP("Steps", "Yes for {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "No for {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Unknown for {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Yes: {names}. Reviewed: {images}"),
    QT_TRANSLATE_NOOP("Steps", "Yes: {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "No: {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Unknown: {name} on {images}"),
    QT_TRANSLATE_NOOP("Steps", "Reviewed: {images}"),
    QT_TRANSLATE_NOOP("Steps", "Not reviewed: {images}"),
    QT_TRANSLATE_NOOP("Steps", "Label {images}"),
    QT_TRANSLATE_NOOP("Steps", "Rename {name} to {new}"),
    QT_TRANSLATE_NOOP("Steps", "Change the properties of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the aliases of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the description of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the prompts of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the meaning of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the key of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the parent of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the group of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Change the colour of {name}"),
    QT_TRANSLATE_NOOP("Steps", "Move {n} categories"),
    QT_TRANSLATE_NOOP("Steps", "Move {name}"),
    QT_TRANSLATE_NOOP("Steps", "Number the first ten categories"),
    QT_TRANSLATE_NOOP("Steps", "Archive {name}"),
    QT_TRANSLATE_NOOP("Steps", "Archive {n} categories"),
    QT_TRANSLATE_NOOP("Steps", "Restore {name}"),
    QT_TRANSLATE_NOOP("Steps", "Add {names} and {n} more"),
    QT_TRANSLATE_NOOP("Steps", "Add {names}"),
    QT_TRANSLATE_NOOP("Steps", "Import {name}"),
    QT_TRANSLATE_NOOP("Steps", "Merge {name} into {new}"),
    QT_TRANSLATE_NOOP("Steps", "Merge {name}"),
    QT_TRANSLATE_NOOP("Steps", "Accept {name} on 1 likely image"),
    QT_TRANSLATE_NOOP("Steps", "Accept {name} on {n} likely images"),
    QT_TRANSLATE_NOOP("Steps", "A step whose record was lost"),
    QT_TRANSLATE_NOOP("Steps", "Skip a card"),
    QT_TRANSLATE_NOOP("Steps", "Leave a label as it is"),
    QT_TRANSLATE_NOOP("Steps", "the previous change"),
    QT_TRANSLATE_NOOP("Steps", "Use {name}"),
    QT_TRANSLATE_NOOP("Steps", "Roll back to the previous version"),
    QT_TRANSLATE_NOOP("Steps", "Delete {name}"),
    QT_TRANSLATE_NOOP("Steps", "Note on {name}"),
    QT_TRANSLATE_NOOP("Steps", "Undo"),
    QT_TRANSLATE_NOOP("Steps", "Redo"),
    QT_TRANSLATE_NOOP("Steps", "{images} and {n} more"),
    QT_TRANSLATE_NOOP("Steps", "image {n}"),
)
_PROBLEMS: Final = (
    QT_TRANSLATE_NOOP("Problems", "the file is gone"),
    QT_TRANSLATE_NOOP("Problems", "its folder cannot be read"),
    QT_TRANSLATE_NOOP("Problems", "vanished while the scan was running"),
    QT_TRANSLATE_NOOP("Problems", "another image has the same path"),
    QT_TRANSLATE_NOOP("Problems", "cannot be read ({reason})"),
    QT_TRANSLATE_NOOP("Problems", "the folder cannot be read ({reason})"),
    QT_TRANSLATE_NOOP("Problems", "the image folder cannot be read ({reason})"),
    QT_TRANSLATE_NOOP("Problems", "the image folder is not there"),
    QT_TRANSLATE_NOOP("Problems", "lacks its end mark"),
    QT_TRANSLATE_NOOP("Problems", "one frame of an animation is shown"),
    QT_TRANSLATE_NOOP("Problems", "only the first of {n} pages is shown"),
    QT_TRANSLATE_NOOP("Problems", "cut: the last details are missing"),
    QT_TRANSLATE_NOOP("Problems", "cut: {share}% of the picture is missing"),
    QT_TRANSLATE_NOOP("Problems", "a broken link"),
    QT_TRANSLATE_NOOP("Problems", "not a file"),
    QT_TRANSLATE_NOOP("Problems", "not found"),
    QT_TRANSLATE_NOOP("Problems", "no permission to read"),
    QT_TRANSLATE_NOOP("Problems", "empty file (0 bytes)"),
    QT_TRANSLATE_NOOP("Problems", "truncated: the file ends early"),
    QT_TRANSLATE_NOOP("Problems", "truncated: the file ends early, the last details are missing"),
    QT_TRANSLATE_NOOP("Problems", "truncated: the file ends early, {share}% of the picture is missing"),
    QT_TRANSLATE_NOOP("Problems", "truncated: the file ends early, only {share}% of the picture is missing"),
    QT_TRANSLATE_NOOP("Problems", "truncated: the file ends early, only the last details are missing"),
    QT_TRANSLATE_NOOP("Problems", "truncated or damaged: the TIFF data cannot be decoded"),
    QT_TRANSLATE_NOOP("Problems", "damaged: the {format} data cannot be decoded"),
    QT_TRANSLATE_NOOP("Problems", "too large: there is not enough memory to decode it"),
    QT_TRANSLATE_NOOP("Problems", "too large: {width} x {height} pixels (limit {limit} megapixels)"),
    QT_TRANSLATE_NOOP("Problems", "too large: the {format} reader is limited to {limit} megapixels"),
    QT_TRANSLATE_NOOP("Problems", "not supported on this machine: {format} (its reader is not installed)"),
    QT_TRANSLATE_NOOP("Problems", "not supported yet: this kind of {format} (export it as PNG)"),
    QT_TRANSLATE_NOOP("Problems", "not supported yet: {format} (export it as PNG)"),
    QT_TRANSLATE_NOOP("Problems", "not an image (the content is only zero bytes)"),
    QT_TRANSLATE_NOOP("Problems", "not an image (the content is of an unknown kind)"),
    QT_TRANSLATE_NOOP("Problems", "not an image (the content is a web page)"),
    QT_TRANSLATE_NOOP("Problems", "not an image (the content is text)"),
    QT_TRANSLATE_NOOP("Problems", "not an image (the content is {found})"),
)
_STAGES: Final = (
    QT_TRANSLATE_NOOP("Stages", "Reading images ({what} of features)"),
    QT_TRANSLATE_NOOP("Stages", "Looking for the fastest way to compute"),
    QT_TRANSLATE_NOOP("Stages", "Encoding categories"),
    QT_TRANSLATE_NOOP("Stages", "Scoring images"),
    QT_TRANSLATE_NOOP("Stages", "Tuning, part {part} of {parts}"),
    QT_TRANSLATE_NOOP("Stages", "Choosing where to start"),
    QT_TRANSLATE_NOOP("Stages", "Scoring all images"),
    QT_TRANSLATE_NOOP("Stages", "Looking for similar images"),
    QT_TRANSLATE_NOOP("Stages", "Placing images on the map"),
)
_VERDICTS: Final = (
    QT_TRANSLATE_NOOP("Verdicts", "Activated: {reason}"),
    QT_TRANSLATE_NOOP("Verdicts", "Not activated: {reason}"),
    QT_TRANSLATE_NOOP(
        "Verdicts",
        "Too few to judge: {images} labelled images with {yes} yes in {categories} measurable categories; it "
        "takes {least_images}, {least_yes} and {least_categories}.",
    ),
    QT_TRANSLATE_NOOP("Verdicts", "{band} fell from {before} to {after}, outside its interval."),
    QT_TRANSLATE_NOOP("Verdicts", "{band} fell from {before} to {after}, within its interval."),
    QT_TRANSLATE_NOOP(
        "Verdicts", "{band} fell from {before} to {after}, and what is not better is not used."
    ),
    QT_TRANSLATE_NOOP(
        "Verdicts", "no measured gain; {band} went from {before} to {after}, difference {low} to {high}."
    ),
    QT_TRANSLATE_NOOP(
        "Verdicts",
        "{band} rose from {before} to {after}, difference {low} to {high}, and no band fell.",
    ),
    QT_TRANSLATE_NOOP(
        "Verdicts",
        "Too few labels to judge: {images} labelled images of {least_images}, "
        "{yes} yes labels of {least_yes}, "
        "{categories} categories of {least_categories} with several yes and a no.",
    ),
    QT_TRANSLATE_NOOP("Verdicts", "{band} fell from {before} to {after}, more than chance explains."),
    QT_TRANSLATE_NOOP(
        "Verdicts", "{band} fell from {before} to {after}, perhaps by chance, and no band may fall."
    ),
    QT_TRANSLATE_NOOP("Verdicts", "no gain beyond chance; {band} went from {before} to {after}."),
    QT_TRANSLATE_NOOP(
        "Verdicts", "{band} rose from {before} to {after}, more than chance explains, and no band fell."
    ),
    QT_TRANSLATE_NOOP("Verdicts", "quality over all categories"),
    QT_TRANSLATE_NOOP("Verdicts", "the mean over all categories"),
    QT_TRANSLATE_NOOP("Verdicts", "head"),
    QT_TRANSLATE_NOOP("Verdicts", "medium"),
    QT_TRANSLATE_NOOP("Verdicts", "tail"),
    QT_TRANSLATE_NOOP(
        "Verdicts", "prompts and interaction, because {images} images with {yes} yes labels suffice"
    ),
    QT_TRANSLATE_NOOP(
        "Verdicts",
        "prompts and interaction, because the weights started at random; "
        "{images} images with {yes} yes labels",
    ),
    QT_TRANSLATE_NOOP(
        "Verdicts",
        "prompts alone, because {images} images with {yes} yes labels are too few for the interaction "
        "({least_images} and {least_yes})",
    ),
)
_DEVICES: Final = (
    QT_TRANSLATE_NOOP("Devices", "CPU: asked for"),
    QT_TRANSLATE_NOOP("Devices", "CPU: no CUDA device found"),
    QT_TRANSLATE_NOOP("Devices", "CPU: CUDA cannot be used: {reason}"),
    QT_TRANSLATE_NOOP("Devices", "CUDA: {name}, asked for, {precision}"),
    QT_TRANSLATE_NOOP("Devices", "{choice}, {precision} as asked"),
)
_CORE: Final = (
    QT_TRANSLATE_NOOP(
        "Core",
        "{device} has stopped working ({reason}); restart the program, and use the cpu if it happens again.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{n} of the {all} images of a batch do not fit in the memory of {device}; close other "
        "programs, use a smaller model or train on the cpu.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The weights and the optimiser's state do not fit in the memory of {device}; use a "
        "smaller model or train on the cpu.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "A batch of {n} images does not fit in the memory of {device}.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "A batch of {n} images does not fit in the memory of {device} ({reason}).",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{model} does not fit in the memory of {device}; use cpu.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "There is no heat map for this image, because no patch tokens of it are stored. Compute "
        "the features again, with them.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{folder} holds no patch tokens; index again with them.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{path} is damaged; delete {folder} and index again.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{n} images have no features yet (the first has id {id}); index again.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The device {device} cannot be used ({reason}); use cpu.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The model {model} has not been downloaded; allow the download, or give a model folder "
        "or a weights file.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The weights {weights} of {model} have not been downloaded; allow the download, or give "
        "a file, as in {form}.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The weights of {model} are not installed; install them: {command}.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The weights file {file} is truncated or damaged ({reason}); download it again.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "The weights file {file} cannot be read: {reason}.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{file} is not a weights file: use safetensors (or .pt, .pth, .bin).",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{file} cannot be loaded without running code in it, which is refused; convert it to "
        "safetensors if you trust it.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{model} needs the package transformers for its text encoder; install it or use another model.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{path} cannot be read ({reason}).",
    ),
    QT_TRANSLATE_NOOP("Core", "A map needs at least {n} images with features."),
)
_LOCKS: Final = (
    QT_TRANSLATE_NOOP("Locks", "another window"),
    QT_TRANSLATE_NOOP("Locks", "a scan for images"),
    QT_TRANSLATE_NOOP("Locks", "changing the image model"),
    QT_TRANSLATE_NOOP("Locks", "removing features"),
    QT_TRANSLATE_NOOP("Locks", "indexing"),
    QT_TRANSLATE_NOOP("Locks", "tuning"),
    QT_TRANSLATE_NOOP("Locks", "scoring"),
    QT_TRANSLATE_NOOP("Locks", "computing the map"),
    QT_TRANSLATE_NOOP("Locks", "a repair"),
    QT_TRANSLATE_NOOP("Locks", "a restore"),
)

STEPS: Final = (*(("Steps", one) for one in _STEPS), *COUNTED)
PROBLEMS: Final = tuple(("Problems", one) for one in _PROBLEMS)
STAGES: Final = tuple(("Stages", one) for one in _STAGES)
VERDICTS: Final = tuple(("Verdicts", one) for one in _VERDICTS)
DEVICES: Final = tuple(("Devices", one) for one in _DEVICES)
CORE: Final = tuple(("Core", one) for one in _CORE)
LOCKS: Final = tuple(("Locks", one) for one in _LOCKS)


def step_words(description: str) -> str:
    """The description of an undo step."""
    return shown(description, STEPS)


def problem_words(problem: str) -> str:
    """Why the file of an image cannot be shown."""
    return shown(problem, PROBLEMS)


def stage_words(stage: str) -> str:
    """What the worker is doing."""
    return shown(stage, STAGES)


def verdict_words(sentence: str) -> str:
    """Why a version is used or not, and what is trained."""
    return shown(sentence, VERDICTS)


def device_words(reason: str) -> str:
    """Why the worker computes on this device."""
    return shown(reason, DEVICES)


def core_words(sentence: str) -> str:
    """Why the worker could not do it: the frequent reasons."""
    return shown(sentence, CORE)


def lock_words(what: str) -> str:
    """What holds a lock, as it was written into the lock."""
    return shown(what, LOCKS)

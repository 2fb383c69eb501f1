"""One file from the model hub into its cache: resumed, cancelled, verified by its hash.

huggingface_hub finds the file, authorises the request and keeps the cache. The bytes are received here,
because it starts an interrupted file again from zero and reports progress only every ten megabytes.
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import constants, get_hf_file_metadata, get_session, hf_hub_download, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, but not marked as exported
    build_hf_headers,
    hf_raise_for_status,
)

from app.domain.disk import is_full
from app.domain.errors import CancelledError, KnownError, NotFoundError
from app.domain.language import translate
from app.domain.progress import StopCheck
from app.domain.sizes import size_words
from app.services.image_models.hub import PARTIAL_SUFFIX
from app.storage.disk import disk_error

TRIES: Final = 5
"""How often in a row a broken transfer is tried again without having received anything."""
WAIT_SECONDS: Final = 1.0
_CHUNK: Final = 1 << 20
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SHA1: Final = 40
_SHA256: Final = 64
_BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})


class DownloadError(KnownError):
    """A download that failed; the sentence says what to do. What was received is kept unless it says so."""

    retry_helps = True


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of one commit. ``digest``: SHA-256, or the SHA-1 of git for a small file, in hex."""

    repository: str
    name: str
    commit: str
    digest: str
    size: int

    @property
    def folder(self) -> Path:
        return cache_folder(self.repository)

    @property
    def blob(self) -> Path:
        return self.folder / "blobs" / self.digest

    @property
    def partial(self) -> Path:
        return self.blob.with_name(f"{self.digest}{PARTIAL_SUFFIX}")

    @property
    def placed(self) -> bool:
        """Whether all of it is in the cache."""
        with contextlib.suppress(FileNotFoundError):
            return self.blob.stat().st_size == self.size
        return False

    @property
    def bytes_left(self) -> int:
        """Bytes that are still to be received."""
        if self.placed:
            return 0
        with contextlib.suppress(FileNotFoundError):
            return max(0, self.size - self.partial.stat().st_size)
        return self.size


def cache_folder(repository: str) -> Path:
    """The folder of ORGANISATION/MODEL in the cache of the hub."""
    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repository, repo_type="model")


def host() -> str:
    return urlsplit(constants.ENDPOINT).netloc or constants.ENDPOINT


def look_up(repository: str, names: Sequence[str], commit: str | None = None) -> RemoteFile | None:
    """The first of these files that the hub has; None if it has none.

    Raises DownloadError, or NotFoundError for an unknown repository.
    """
    for name in names:
        with _hub_errors(repository):
            try:
                found = get_hf_file_metadata(
                    hf_hub_url(repository, name, revision=commit), timeout=constants.HF_HUB_ETAG_TIMEOUT
                )
            except EntryNotFoundError:
                continue
        if found.size is None or not found.commit_hash or not found.etag:
            raise DownloadError(
                translate(
                    "ImageModels", "{host} does not say the size of {name} of {repository}; try again later."
                ).format(host=host(), name=name, repository=repository)
            )
        digest = found.etag.lower()
        if not re.fullmatch(rf"[0-9a-f]{{{_SHA1}}}|[0-9a-f]{{{_SHA256}}}", digest):
            raise DownloadError(
                translate(
                    "ImageModels",
                    "{host} gives no hash of {name}, so it cannot be verified; use another HF_ENDPOINT.",
                ).format(host=host(), name=name)
            )
        if not _COMMIT.fullmatch(found.commit_hash):
            raise DownloadError(
                translate(
                    "ImageModels", "{host} does not answer like a model hub; check HF_ENDPOINT."
                ).format(host=host())
            )
        return RemoteFile(repository, name, found.commit_hash, digest, found.size)
    return None


def transfer(file: RemoteFile, on_bytes: Callable[[int], None], should_stop: StopCheck) -> Path:
    """Receive what is missing of ``file``, verify it and place it in the cache; its path there.

    ``on_bytes`` gets the number of bytes that are there. Raises CancelledError, DownloadError, NotFoundError
    or a ProjectError of the disk. A partial file is kept, unless the disk is full or the hash is wrong.
    """
    try:
        if not file.placed:
            file.blob.parent.mkdir(parents=True, exist_ok=True)
            file.partial.touch()
            _receive_all(file, on_bytes, should_stop)
            _verify(file, should_stop)
            file.partial.replace(file.blob)
        on_bytes(file.size)
        with _hub_errors(file.repository):
            return Path(hf_hub_download(file.repository, file.name, revision=file.commit))
    except OSError as error:
        if is_full(error):
            with contextlib.suppress(OSError):
                file.partial.unlink()
        raise disk_error(
            translate("ImageModels", "{file} cannot be written to {parent}").format(
                file=file.name, parent=file.blob.parent
            ),
            error,
        ) from error


def note_missing(repository: str, commit: str, names: Sequence[str]) -> None:
    """Record in the cache that this commit has no such files: a library would ask for them, also offline."""
    for name in names:
        path = cache_folder(repository) / ".no_exist" / commit / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError as error:
            raise disk_error(
                translate("ImageModels", "{path} cannot be written").format(path=path), error
            ) from error


def publish(files: Sequence[RemoteFile]) -> None:
    """Make the commits of these files, which are all placed, the ones that are used."""
    for file in files:
        ref = file.folder / "refs" / constants.DEFAULT_REVISION
        try:
            ref.parent.mkdir(parents=True, exist_ok=True)
            ref.write_text(file.commit, "ascii")
        except OSError as error:
            raise disk_error(
                translate("ImageModels", "{ref} cannot be written").format(ref=ref), error
            ) from error


def _receive_all(file: RemoteFile, on_bytes: Callable[[int], None], should_stop: StopCheck) -> None:
    tries = 0
    while (before := _received(file)) < file.size:
        reason = translate("ImageModels", "it ended early")
        try:
            _receive(file, on_bytes, should_stop)
        except (httpx2.HTTPError, httpx2.InvalidURL, OfflineModeIsEnabled) as error:
            if not _may_pass(error):
                with _hub_errors(file.repository):
                    raise
            reason = _first_line(error)
        after = _received(file)
        if after == file.size:
            return
        tries = 0 if after > before else tries + 1
        if tries >= TRIES:
            raise DownloadError(
                translate(
                    "ImageModels",
                    "The connection to {host} was lost ({reason}); {size} of {size_2} are kept, download "
                    "again to continue.",
                ).format(host=host(), reason=reason, size=size_words(after), size_2=size_words(file.size))
            )
        _wait(WAIT_SECONDS, should_stop)


def _receive(file: RemoteFile, on_bytes: Callable[[int], None], should_stop: StopCheck) -> None:
    """One request for the rest of the file. Returns early if the connection ends early without an error."""
    done = _received(file)
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    if 0 < done < file.size:
        headers["Range"] = f"bytes={done}-"
    url = hf_hub_url(file.repository, file.name, revision=file.commit)
    timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
    with get_session().stream("GET", url, headers=headers, timeout=timeout) as response:
        hf_raise_for_status(response)
        resumed = response.headers.get("Content-Range", "").startswith(f"bytes {done}-")
        if response.status_code != httpx2.codes.PARTIAL_CONTENT or not resumed:
            done = 0
        with file.partial.open("r+b" if done else "wb") as stream:
            stream.seek(done)
            for chunk in response.iter_bytes():
                if should_stop():
                    raise CancelledError(
                        translate(
                            "ImageModels",
                            "The download was stopped; {done} of {size} are kept, download again to "
                            "continue.",
                        ).format(done=size_words(done), size=size_words(file.size))
                    )
                stream.write(chunk)
                done += len(chunk)
                if done > file.size:
                    raise httpx2.RemoteProtocolError(f"more than the announced {file.size} bytes")
                on_bytes(done)


def _received(file: RemoteFile) -> int:
    """Bytes of the partial file; one that is too long is not part of this file and is deleted."""
    with contextlib.suppress(FileNotFoundError):
        size = file.partial.stat().st_size
        if size <= file.size:
            return size
        file.partial.unlink()
    return 0


def _verify(file: RemoteFile, should_stop: StopCheck) -> None:
    if len(file.digest) == _SHA256:
        digest = hashlib.sha256()
    else:
        digest = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with file.partial.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if should_stop():
                raise CancelledError(
                    translate("ImageModels", "The download was stopped; what was received is kept.")
                )
    if digest.hexdigest() != file.digest:
        file.partial.unlink()
        raise DownloadError(
            translate(
                "ImageModels",
                "{file} of {repository} arrived with another hash than {host} names for it and was "
                "deleted; download it again.",
            ).format(file=file.name, repository=file.repository, host=host())
        )


def _may_pass(error: Exception) -> bool:
    """Whether the same request may succeed a moment later."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in _BUSY
    return isinstance(error, httpx2.TransportError)


def _wait(seconds: float, should_stop: StopCheck) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if should_stop():
            raise CancelledError(
                translate("ImageModels", "The download was stopped; what was received is kept.")
            )
        time.sleep(0.05)


@contextlib.contextmanager
def _hub_errors(repository: str) -> Iterator[None]:
    """The errors of the hub's library and of the network as known errors."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise DownloadError(
            translate(
                "ImageModels", "HF_HUB_OFFLINE is set, so nothing is downloaded; unset it and try again."
            )
        ) from error
    except GatedRepoError as error:
        raise DownloadError(
            translate(
                "ImageModels",
                "{repository} is given only to people who have accepted its terms; accept them at "
                "{ENDPOINT}/{repository}, log in with 'hf auth login' and download again.",
            ).format(repository=repository, ENDPOINT=constants.ENDPOINT)
        ) from error
    except RepositoryNotFoundError as error:
        raise NotFoundError(
            translate(
                "ImageModels",
                "{host} has no model {repository}, or it is private; check the name, or log in with "
                "'hf auth login'.",
            ).format(host=host(), repository=repository)
        ) from error
    except LocalEntryNotFoundError as error:
        raise DownloadError(
            translate(
                "ImageModels",
                "{host} no longer answers; what was received is kept, download again to continue.",
            ).format(host=host())
        ) from error
    except EntryNotFoundError as error:
        raise NotFoundError(
            translate("ImageModels", "{host} no longer has the file of {repository}; download again.").format(
                host=host(), repository=repository
            )
        ) from error
    except FileMetadataError as error:
        raise DownloadError(
            translate(
                "ImageModels",
                "{host} does not answer like a model hub; check HF_ENDPOINT, the proxy and the firewall.",
            ).format(host=host())
        ) from error
    except HfHubHTTPError as error:
        raise DownloadError(
            translate(
                "ImageModels", "{host} answered {status_code} for {repository}; try again later."
            ).format(host=host(), status_code=error.response.status_code, repository=repository)
        ) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise DownloadError(
            translate(
                "ImageModels",
                "{host} cannot be reached ({reason}); check the network connection, the proxy and "
                "HF_ENDPOINT.",
            ).format(host=host(), reason=_first_line(error))
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")

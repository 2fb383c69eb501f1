"""The measured processes of the scale benchmark: making a project, and a session without a window.

    python benchmarks/scale_parts.py '{"act": "make" | "session", "out": ...}'

A session makes the calls that the window's threads make, one after another.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from peak_memory import peak_memory
from synthetic_project import Wanted, prepared

from app.domain.labels import Decision, LabelState
from app.domain.review import ROUND_SIZE, Queue
from app.domain.unsaved import Decide, MarkReviewed, Undo
from app.jobs.project.suggestion_loading import load_suggestions
from app.jobs.store.open_store import OpenStore
from app.services.features.indexing import feature_key
from app.services.labelling.decisions import decide
from app.services.project.project import open_project
from app.services.runner.runner import NoRunner

PAGE_IMAGES = 60
ASKED = 12
"""Categories asked for: the most frequent one, a rare one, and those between at equal steps."""
_CACHE_BYTES = 200_000_000


class Session:
    """The measurements of one open project, in seconds and MB."""

    def __init__(self, project: Path, bulk: int, steps: int) -> None:
        self.found: dict[str, float] = {}
        self._folder, self._bulk, self._steps = project, bulk, steps
        self._store = OpenStore(_CACHE_BYTES)
        self._random = np.random.default_rng(1)

    def measure(self) -> None:
        store = self._store
        with self._timed("open"):
            store.open(self._folder)
            ids = store.select("").ids
        with self._timed("count_categories"):
            info = store.begin_watching()
        names = [one.name for one in info.categories]
        asked = [names[at] for at in np.linspace(0, len(names) - 1, min(ASKED, len(names))).astype(int)]
        with self._timed("facets_first"):
            store.queries.counts()
        self._note_memory("without_suggestions_mb")
        self._load()
        self._note_memory("loaded_mb")
        self._scroll(ids)
        self._find(asked, ids)
        self._decide(ids, [one.id for one in info.categories])
        self._review([one.id for one in info.categories if one.name in asked])
        self._note_memory("resident_mb")
        self._answer_many(ids, info.categories[-1].id)
        self.found["peak_mb"] = peak_memory() / 1e6
        store.close()

    def _load(self) -> None:
        """As the window does on another thread, whose project is the same."""
        project = self._store.state.opened()
        if feature_key(project) is None:
            return
        with self._timed("load_suggestions"):
            _, live, entry = load_suggestions(project, NoRunner())
        with self._timed("adopt_suggestions"):
            self._store.adopt(live, entry)

    def _scroll(self, ids: Sequence[int]) -> None:
        """Pages anywhere in the list: their badges, and the details of one of their images."""
        pages, details = [], []
        for start in self._random.integers(0, max(1, len(ids) - PAGE_IMAGES), self._steps).tolist():
            page = ids[start : start + PAGE_IMAGES]
            pages.append(seconds(lambda page=page: self._store.images.badges(page)))
            details.append(seconds(lambda page=page: self._store.images.detail(page[0])))
        self._note("page", pages)
        self._note("detail", details)

    def _find(self, names: Sequence[str], ids: Sequence[int]) -> None:
        """Filters and orders, each for the first time. ``filter``: of the slowest kind."""
        queries = {
            "label_filter": [f'"{one}"' for one in names] + [f'no:"{one}" is:unreviewed' for one in names],
            "path_filter": ["path:*7*", "path:00*"],
            "sort": ["sort:name", "sort:time"],
        }
        if self._store.state.live is not None:
            queries["score_filter"] = [f'score:"{one}">=0.5' for one in names]
            queries["score_filter"] += [f'suggested:"{one}"' for one in names]
            queries["score_sort"] = [f'unknown:"{one}" sort:score:"{one}"' for one in names]
            shown = list(self._store.images.names(ids[:: max(1, len(ids) // 5)][:5]).values())
            queries["similar"] = [f'similar:"{one}"' for one in shown]
        for kind, texts in queries.items():
            self._note(kind, [seconds(lambda text=text: self._store.select(text)) for text in texts])
        kinds = ("label_filter", "path_filter", "score_filter")
        self.found["filter_p95"] = max(self.found[f"{kind}_p95"] for kind in kinds if kind in queries)

    def _decide(self, ids: Sequence[int], categories: Sequence[int]) -> None:
        """To the disk, and until the counts and the image's suggestions have followed; then undone."""
        durable, followed, undone, counted, listed = [], [], [], [], []
        shown = self._store.select("is:unreviewed").ids
        for turn in range(self._steps):
            image, category = ids[turn * 7 % len(ids)], categories[-1 - turn % len(categories)]
            action = Decide((image,), category, LabelState.YES if turn % 2 else LabelState.NO)
            durable.append(seconds(lambda action=action: self._store.carry_out(action)))
            followed.append(seconds(lambda image=image: self._follow(image)))
            counted.append(seconds(self._store.queries.counts))
            listed.append(seconds(lambda: self._store.reselect("is:unreviewed", shown)))
        for _ in range(self._steps // 2):
            undone.append(seconds(lambda: self._store.carry_out(Undo())))
            self._store.info()
        self._note("decision", durable)
        self._note("decision_followed", followed)
        self._note("facets", counted)
        self._note("list_followed", listed)
        self._note("undo", undone)
        self._note("look_for_changes", [seconds(self._store.external_change) for _ in range(self._steps)])
        with open_project(self._folder) as other:
            decide(other, [Decision(ids[0], categories[-1], LabelState.YES)])
        with self._timed("change_by_another"):
            self._store.external_change()
        reviewed = tuple(ids[: self._bulk])
        self._store.carry_out(MarkReviewed(reviewed, True))
        self._store.info()
        with self._timed("next_unreviewed"):
            self._store.images.next_unreviewed(ids)
        self._store.carry_out(Undo())
        self._store.info()

    def _follow(self, image: int) -> None:
        self._store.info()
        self._store.images.detail(image)

    def _review(self, categories: Sequence[int]) -> None:
        if self._store.state.live is None:
            return
        pages = [
            seconds(lambda one=one: self._store.reviewing.page(one, Queue.LIKELY, ROUND_SIZE, (), 1))
            for one in categories
        ]
        self._note("queue", pages)

    def _answer_many(self, ids: Sequence[int], category: int) -> None:
        some = tuple(ids[: self._bulk])
        with self._timed("bulk"):
            self._store.carry_out(Decide(some, category, LabelState.NO))
        with self._timed("bulk_followed"):
            self._store.info()
        with self._timed("bulk_undo"):
            self._store.carry_out(Undo())

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.found[name] = time.perf_counter() - begin

    def _note(self, name: str, each: Sequence[float]) -> None:
        self.found[f"{name}_p95"] = float(np.quantile(each, 0.95))

    def _note_memory(self, name: str) -> None:
        self.found[name] = psutil.Process().memory_info().rss / 1e6


def seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def main() -> None:
    asked = json.loads(sys.argv[1])
    if asked["act"] == "make":
        wanted = Wanted(
            asked["images"], asked["categories"], labelled=asked["labelled"], width=asked["width"]
        )
        found: dict[str, Any] = {"project": str(prepared(Path(asked["folder"]), wanted))}
    else:
        session = Session(Path(asked["project"]), asked["bulk"], asked["steps"])
        session.measure()
        found = session.found
    Path(asked["out"]).write_text(json.dumps(found))


if __name__ == "__main__":
    main()

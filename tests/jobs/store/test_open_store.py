"""The open project on the storage thread follows what scans have found."""

import numpy as np
import pytest

from app.domain.category_properties import CategoryEdit
from app.domain.errors import BadInputError
from app.domain.labels import LabelState
from app.domain.project_settings import ThresholdAim
from app.domain.suggestions import Learner, Suggestion
from app.domain.unsaved import AcceptAndReview, Undo
from app.jobs.store.open_store import OpenStore
from app.services.images.scan import scan
from app.services.labelling.decisions import review
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import images


class Learners:
    """Stands for the suggestions: counts how often all states are read again."""

    image_ids = ()
    category_ids = ()
    reads = 0

    def learn(self, _seconds):
        pass

    def apply(self, _change):
        pass

    def read_again(self):
        self.reads += 1


def test_the_learners_read_all_states_again_after_a_picture_was_replaced(project, images_folder, make_image):
    review(project, [1])
    project.close()
    store = OpenStore(disk_cache_bytes=1 << 20)
    store.open(project.folder)
    store.begin_watching()
    store.state.live = Learners()
    store.rebuild()
    assert store.state.live.reads == 0
    with open_project(project.folder) as other:
        with other.db.read() as s:
            name = images.get(s, 1).name
        make_image(images_folder / name, size=(30, 20))
        scan(other)
    assert store.external_change().rebuilt
    assert store.state.live.reads == 1
    assert store.info().reviewed == 0
    store.state.live = None
    detail = store.images.detail(1)
    assert detail.changed
    assert detail.image.reviewed_at is None
    store.close()


def test_the_folders_are_listed_with_the_missing_ones_first(tmp_path, make_image):
    for name in ("north", "south"):
        make_image(tmp_path / name / "a.png")
    with create_project(tmp_path / "p", [tmp_path / "north", tmp_path / "south"]) as project:
        scan(project)
    (tmp_path / "south").rename(tmp_path / "arctic")
    store = OpenStore(disk_cache_bytes=1 << 20)
    info = store.open(project.folder)
    assert info.folders_missing
    assert [(one.path.name, one.images, one.there) for one in store.folders()] == [
        ("south", 1, False),
        ("north", 1, True),
    ]
    store.close()


class Certain(Learners):
    """Stands for suggestions at their threshold; the first category is not learned yet."""

    image_ids = np.array([1])

    def has(self, image_ids):
        return np.isin(image_ids, self.image_ids)

    def for_images(self, image_ids, _top):
        unknown = LabelState.UNKNOWN
        return [
            [Suggestion(number, c, str(c), 0.4, Learner.LIVE, unknown, 0.3, learned=c > 1) for c in (1, 2, 3)]
            for number in image_ids
        ]


def test_badges_do_not_count_categories_that_are_not_learned_yet(project):
    project.close()
    store = OpenStore(disk_cache_bytes=1 << 20)
    store.open(project.folder)
    store.state.live = Certain()
    assert [store.images.badges([1, 2])[number].suggestions for number in (1, 2)] == [2, 0]
    store.close()


def test_properties_of_a_category_are_read_edited_and_refused(project):
    project.close()
    store = OpenStore(disk_cache_bytes=1 << 20)
    store.open(project.folder)
    edit = CategoryEdit(name="lynx", description="a cat")
    assert store.categories.properties(1, edit).category.name == "lynx"
    assert store.categories.properties(1).category.name == "cat"
    done = store.categories.edit(1, edit)
    assert (done.answer, done.change.categories) == (edit, [1])
    assert store.info().categories[0].name == "lynx"
    with pytest.raises(BadInputError, match="already belongs"):
        store.categories.edit(1, CategoryEdit(name="dog"))
    store.close()


def test_accepting_and_reviewing_is_one_step_after_which_the_next_image_is_found(project):
    project.close()
    store = OpenStore(disk_cache_bytes=1 << 20)
    info = store.open(project.folder)
    ids, categories = store.select("").ids, [one.id for one in info.categories]
    done = store.carry_out(AcceptAndReview(ids[:1], categories))
    assert {(one.image_id, one.category_id, one.after) for one in done.change.labels} == {
        (ids[0], number, LabelState.YES) for number in categories
    }
    assert [(one.image_id, one.after) for one in done.change.reviews] == [(ids[0], True)]
    assert store.images.next_unreviewed(ids) == ids[1]
    assert store.images.next_unreviewed(ids[:1]) is None
    undone = store.carry_out(Undo()).change
    assert len(undone.labels) == len(categories) and len(undone.reviews) == 1
    assert store.images.next_unreviewed(ids) == ids[0]
    store.carry_out(AcceptAndReview(ids[:1], categories[:1], categories[1:2]))
    states = {one.category_id: one.state for one in store.images.detail(ids[0]).labels}
    assert states == dict(zip(categories, (LabelState.YES, LabelState.UNKNOWN, LabelState.NO), strict=True))
    store.close()


class Aiming(Learners):
    aim, large = ThresholdAim.BALANCED, False

    def aim_at(self, aim):
        self.aim = aim


def test_suggestions_loaded_while_the_settings_were_changed_follow_them(project):
    project.close()
    store = OpenStore(disk_cache_bytes=1 << 20)
    store.open(project.folder)
    store.begin_watching()
    loaded = Aiming()
    store.change_settings(5, 50, ThresholdAim.RECALL)
    store.state.adopt(loaded, 0)
    assert loaded.aim is ThresholdAim.RECALL
    store.state.live = None
    store.close()

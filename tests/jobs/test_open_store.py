"""The open project on the storage thread follows what scans have found."""

from app.jobs.open_store import OpenStore
from app.services.labelling import review
from app.services.library import scan
from app.services.project import create_project, open_project
from app.storage import images


class Learners:
    """Stands for the suggestions: counts how often they were told to read all states anew."""

    image_ids = ()
    category_ids = ()
    reads = 0

    def learn(self, _seconds):
        pass

    def apply(self, _change):
        pass

    def read_again(self):
        self.reads += 1


def test_the_learners_read_all_states_anew_once_a_picture_was_replaced(project, images_folder, make_image):
    review(project, [1])
    project.close()
    store = OpenStore(disk_cache_bytes=1 << 20)
    store.open(project.folder)
    store.begin_watching()
    store.live = Learners()
    store.rebuild()
    assert store.live.reads == 0
    with open_project(project.folder) as other:
        with other.db.read() as s:
            name = images.get(s, 1).name
        make_image(images_folder / name, size=(30, 20))
        scan(other)
    assert store.look().rebuilt
    assert store.live.reads == 1
    assert store.info().reviewed == 0
    store.live = None
    detail = store.detail(1)
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

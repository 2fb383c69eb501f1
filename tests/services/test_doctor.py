import shutil
import sqlite3
import sys
from contextlib import closing

import numpy as np
import pytest

from app.protocol import messages as m
from app.services import doctor
from app.services.images.scan import scan
from app.services.project.creation import create_project


class ScriptedWorker:
    """Says what a worker would say, and then ends as told."""

    def __init__(self, terminal, memory=8 << 30):
        self._terminal = terminal
        self._memory = memory
        self.backbones = []

    def run(self, command, on_event, should_stop=None):
        self.backbones.append(command.backbone)
        on_event(
            m.Hello(
                protocol=1,
                pid=1,
                python="3.11",
                platform="Linux",
                versions={"torch": "2.6"},
                memory_total=16 << 30,
                memory_available=self._memory,
            )
        )
        on_event(m.DeviceInfo(device="cpu", precision="float32", reason="no CUDA device found"))
        if callable(self._terminal):
            return self._terminal(should_stop)
        return self._terminal


def loaded(_should_stop=None):
    result = m.BackboneResult(
        key="k", embed_dim=256, patch_width=256, grid=(9, 9), device="cpu", precision="float32"
    )
    return m.Completed(job="j", result=result)


def by_name(found):
    return {check["name"]: check for check in found["checks"]}


def test_a_healthy_installation_is_ok_and_names_its_device():
    found = doctor.report(ScriptedWorker(loaded))
    assert found["ok"]
    checks = by_name(found)
    assert {check["state"] for check in checks.values()} == {"ok"}
    assert "no CUDA device found" in checks["device"]["detail"]
    assert "256 values per image, 9 x 9 patches" in checks["backbone"]["detail"]
    assert "torch 2.6" in checks["packages"]["detail"]
    assert all(check["advice"] is None for check in checks.values())


@pytest.mark.parametrize(
    ("terminal", "name", "words"),
    [
        (m.Failed(job="j", known=True, message="No weights here."), "backbone", "No weights here."),
        (m.Failed(job="j", known=False, message="KeyError", traceback="line 3"), "backbone", "line 3"),
        (m.Crashed(job="j", message="Ended by SIGSEGV.", log=("first", "last")), "worker", "last"),
        (m.Cancelled(job="j"), "worker", "no answer within"),
    ],
)
def test_a_worker_in_trouble_fails_with_advice_and_ends_nobody_else(terminal, name, words):
    found = doctor.report(ScriptedWorker(terminal))
    assert not found["ok"]
    check = by_name(found)[name]
    assert check["state"] == "fail"
    assert words in check["detail"]
    assert check["advice"]


def test_the_doctor_stops_waiting_for_a_worker_that_hangs():
    def hang(should_stop):
        assert should_stop()
        return m.Cancelled(job="j")

    assert not doctor.report(ScriptedWorker(hang), worker_seconds=-1.0)["ok"]


def test_little_memory_and_little_disk_are_warnings(monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=500 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    found = doctor.report(ScriptedWorker(loaded, memory=100 << 20))
    assert found["ok"]
    assert {name for name, check in by_name(found).items() if check["state"] == "warn"} == {"memory", "disk"}
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1 << 20))
    assert not doctor.report(ScriptedWorker(loaded))["ok"]


def test_a_project_is_looked_at_with_its_own_backbone(project, images_folder, make_image):
    (images_folder / "one.png").unlink()
    scan(project)
    worker = ScriptedWorker(loaded)
    checks = by_name(doctor.report(worker, project.folder))
    assert worker.backbones == [project.backbone]
    assert checks["project"]["state"] == "ok"
    assert (checks["images"]["state"], checks["images"]["detail"]) == ("warn", "5: 0 unreadable, 1 missing")
    assert checks["features"]["state"] == "warn"
    assert "index" in checks["features"]["advice"]


def test_features_of_images_that_are_gone_are_not_counted(project, images_folder, monkeypatch):
    class Store:
        def ids(self):
            return np.arange(1, 6)

    monkeypatch.setattr(doctor, "feature_key", lambda _project: "key")
    monkeypatch.setattr(doctor, "feature_store", lambda _project, _key: Store())
    (images_folder / "one.png").unlink()
    scan(project)
    check = by_name(doctor.report(ScriptedWorker(loaded), project.folder))["features"]
    assert (check["state"], check["detail"]) == ("ok", "4 of 4 readable images")


def test_an_image_folder_that_is_gone_fails(project, images_folder):
    images_folder.rename(images_folder.with_name("elsewhere"))
    found = doctor.report(ScriptedWorker(loaded), project.folder)
    assert not found["ok"]
    assert by_name(found)["image folder"]["detail"] == f"{images_folder} is not there"


def test_a_folder_that_is_no_project_fails_and_the_rest_is_still_checked(tmp_path):
    found = doctor.report(ScriptedWorker(loaded), tmp_path)
    checks = by_name(found)
    assert checks["project"]["state"] == "fail"
    assert checks["backbone"]["state"] == "ok"
    assert not found["ok"]


def test_a_newer_project_is_not_taken_for_an_older_one_because_of_its_name(tmp_path, images_folder):
    place = tmp_path / "older pictures"
    create_project(place, [images_folder]).close()
    with closing(sqlite3.connect(place / "project.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    check = by_name(doctor.report(ScriptedWorker(loaded), place))["project"]
    assert (check["state"], check["advice"]) == ("fail", "Update Tailspotter.")


def test_the_window_s_libraries_are_named_and_a_missing_display_is_no_fault(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(doctor, "missing_packages", lambda: ["libegl1", "libxcb-cursor0"])
    found = doctor._window()
    assert found.state is doctor.State.WARN
    assert found.advice.endswith("apt install libegl1 libxcb-cursor0.")
    monkeypatch.setattr(doctor, "missing_packages", list)
    found = doctor._window()
    assert (found.state, found.advice) == (doctor.State.OK, None)
    assert "no display here" in found.detail
    monkeypatch.setenv("DISPLAY", ":7")
    assert doctor._window().detail.endswith(", DISPLAY=:7")


def test_preferences_that_cannot_be_written_are_a_warning(monkeypatch, tmp_path):
    monkeypatch.setenv("TAILSPOTTER_CONFIG_DIR", str(tmp_path / "not" / "yet"))
    assert doctor._settings().state is doctor.State.OK
    asked = []
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: asked.append(path))
    found = doctor._settings()
    assert found.state is doctor.State.WARN and "TAILSPOTTER_CONFIG_DIR" in found.advice
    assert asked == [tmp_path]


def test_the_models_that_are_here_and_the_use_of_the_network_are_said(monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    assert doctor._image_models().detail.startswith("included: photo-lite2, photo-lite0, bundled")
    assert "when asked" in doctor._network().detail
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert doctor._network().detail == "not used: HF_HUB_OFFLINE is set"

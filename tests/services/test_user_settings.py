"""Settings survive versions, damage and hands."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.settings import (
    FOLDER_VARIABLE,
    MAX_RECENT,
    VERSION,
    Settings,
    SettingsError,
    SettingsFile,
    setting_fields,
    settings_path,
)


@pytest.fixture
def file(tmp_path):
    return SettingsFile(tmp_path / "config" / "settings.json")


def write(file, text):
    file.path.parent.mkdir(parents=True, exist_ok=True)
    file.path.write_text(text, encoding="utf-8")


def test_without_a_file_every_setting_has_its_default(file):
    loaded = file.load()
    assert loaded.settings == Settings()
    assert loaded.notices == ()
    assert (loaded.settings.theme, loaded.settings.thumbnail_size) == ("system", 160)


def test_what_is_changed_is_there_after_reading_again(file):
    file.update(theme="dark", thumbnail_size=240, shortcuts={"accept": "Y"})
    loaded = SettingsFile(file.path).load().settings
    assert (loaded.theme, loaded.thumbnail_size, loaded.shortcuts) == ("dark", 240, {"accept": "Y"})
    assert loaded.version == VERSION


def test_keys_of_another_version_are_kept_when_something_else_is_saved(file):
    write(file, json.dumps({"version": 7, "theme": "light", "future_thing": {"a": [1, 2]}}))
    file.update(theme="dark")
    stored = json.loads(file.path.read_text(encoding="utf-8"))
    assert (stored["future_thing"], stored["version"], stored["theme"]) == ({"a": [1, 2]}, 7, "dark")


def test_two_windows_do_not_undo_each_others_changes(file):
    other = SettingsFile(file.path)
    file.update(theme="dark")
    other.update(thumbnail_size=200)
    assert (file.load().settings.theme, file.load().settings.thumbnail_size) == ("dark", 200)


@pytest.mark.parametrize("text", ["", "{", '["a"]', "\x00\x01", "null", "[" * 100_000])
def test_a_damaged_file_gives_defaults_a_notice_and_is_kept_aside(file, text):
    write(file, text)
    loaded = file.load()
    assert loaded.settings == Settings()
    assert len(loaded.notices) == 1
    assert "damaged" in loaded.notices[0]
    aside = list(file.path.parent.glob("settings.damaged-*.json"))
    assert [path.read_text(encoding="utf-8") for path in aside] == [text]
    assert aside[0].name in loaded.notices[0]
    assert not file.path.exists()


def test_one_wrong_value_costs_only_itself_and_is_named(file):
    write(file, json.dumps({"theme": "purple", "thumbnail_size": 200, "show_file_names": "yes"}))
    loaded = file.load()
    assert (loaded.settings.theme, loaded.settings.thumbnail_size) == ("system", 200)
    assert loaded.settings.show_file_names is False
    assert ["theme" in notice or "show_file_names" in notice for notice in loaded.notices] == [True, True]
    assert "'purple'" in " ".join(loaded.notices)


def test_a_value_that_is_not_allowed_is_refused_and_nothing_changes(file):
    file.update(thumbnail_size=200)
    before = file.path.read_bytes()
    with pytest.raises(SettingsError, match="thumbnail_size cannot be 5000"):
        file.update(thumbnail_size=5000)
    with pytest.raises(SettingsError, match="no setting 'thumbnail_sise'"):
        file.update(thumbnail_sise=200)
    assert file.path.read_bytes() == before


def test_saving_leaves_no_temporary_file_behind(file):
    file.update(theme="dark")
    file.update(theme="light")
    assert [path.name for path in file.path.parent.iterdir()] == ["settings.json"]


def test_a_place_that_cannot_be_written_to_is_a_sentence(tmp_path):
    (tmp_path / "config").write_text("a file where a folder should be")
    with pytest.raises(SettingsError, match=r"could not be saved.*make the folder writable"):
        SettingsFile(tmp_path / "config" / "settings.json").update(theme="dark")


def test_recent_projects_are_bounded_unique_and_the_latest_is_first(file, tmp_path):
    for number in range(MAX_RECENT + 3):
        file.remember_project(tmp_path / f"p{number}")
    file.remember_project(tmp_path / "p5")
    recent = file.load().settings.recent_projects
    assert len(recent) == len(set(recent)) == MAX_RECENT
    assert recent[:2] == [str(tmp_path / "p5"), str(tmp_path / f"p{MAX_RECENT + 2}")]


def test_a_project_whose_path_is_not_text_is_left_out_of_the_recent_ones(file, tmp_path):
    file.remember_project(tmp_path / "good")
    file.remember_project(tmp_path / "bad\udcff")
    assert file.load().settings.recent_projects == [str(tmp_path / "good")]


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert settings_path() == tmp_path / "settings.json"
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert settings_path().parts[-2:] != (tmp_path.name, "settings.json")


def test_the_schema_describes_every_setting_for_a_dialog():
    fields = {field.name: field for field in setting_fields()}
    assert fields.keys() == Settings.model_fields.keys()
    assert all(field.description.endswith(".") for field in fields.values())
    assert fields["theme"].choices == ("system", "light", "dark")
    size = fields["thumbnail_size"]
    assert (size.kind, size.default, size.minimum, size.maximum) == (int, 160, 96, 320)
    assert (fields["show_file_names"].kind, fields["shortcuts"].kind) == (bool, dict)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=4), children, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(list(Settings.model_fields)) | st.text(max_size=6), json_values))
def test_any_json_object_is_read_into_valid_settings(file, values):
    write(file, json.dumps(values))
    loaded = file.load().settings
    assert Settings.model_validate(loaded.model_dump()) is not None
    for name, value in values.items():
        if name not in Settings.model_fields:
            assert repr((loaded.model_extra or {})[name]) == repr(value)

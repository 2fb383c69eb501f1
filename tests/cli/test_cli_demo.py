"""The demo's report; the demo itself is measured in separate tests."""

from dataclasses import replace

import pytest

from app.cli.main import run
from app.domain.errors import CancelledError, NoDisplayError
from app.services.simulation.demo import Bands, DemoReport


@pytest.fixture
def places(monkeypatch):
    """Where the demo was asked to go; the report is fixed."""
    asked = []

    def run_demo(folder, *, runner, on_progress, should_stop):
        asked.append(folder)
        return DemoReport(
            images=1200,
            test_images=1000,
            categories=50,
            reviews=300,
            decisions=849,
            decision_ms=11.3,
            zero_shot=Bands(0.5, 0.6, None, 0.25),
            live=Bands(0.625, 0.75, None, 0.5),
            seconds={"index": 12.34, "reviews": 70.0},
        )

    monkeypatch.setattr("app.services.simulation.demo.run_demo", run_demo)
    return asked


def test_the_report_compares_the_learners_by_band(cli, places):
    out = cli("demo", "--headless").out.splitlines()
    assert out[0] == (
        "1,200 images, 50 categories; evaluated on 1,000 other images that are not in the project"
    )
    assert out[1] == "300 simulated reviews, 849 decisions, 11.3 ms each at the median"
    assert [line.split()[-4:] for line in out[3:6]] == [
        ["total", "head", "medium", "tail"],
        ["0.500", "0.600", "-", "0.250"],
        ["0.625", "0.750", "-", "0.500"],
    ]
    assert out[-1] == "Time: index 12 s, reviews 1 min 10 s; total 1 min 22 s"


def test_the_json_has_the_keys_that_scripts_rely_on(cli, places):
    value = cli("demo", "--headless", "--json").json
    assert {"images", "zero_shot", "live", "tuned", "cprfl_alone", "seconds"} <= set(value)
    assert value["zero_shot"] == {"total": 0.5, "head": 0.6, "medium": None, "tail": 0.25}
    assert value["tuned"] is None


def test_a_folder_is_kept_and_without_one_nothing_is_left_behind(cli, places, tmp_path):
    assert f"Its project: {tmp_path / 'demo' / 'project'}" in cli("demo", tmp_path / "demo").out
    cli("demo")
    assert places[0] == tmp_path / "demo"
    assert not places[1].exists()


def test_an_interrupted_demo_says_what_is_kept(cli, places, tmp_path, monkeypatch):
    def stopped(*_given, **_options):
        raise CancelledError("stopped")

    monkeypatch.setattr("app.services.simulation.demo.run_demo", stopped)
    result = cli("demo", tmp_path / "demo")
    assert (result.code, result.out) == (130, "")
    assert result.err == f"tailspotter: stopped; what is finished is in {tmp_path / 'demo'}\n"


def test_if_no_window_can_be_opened_the_demo_says_so_and_runs_without_one(cli, command_line, places, capfd):
    def open_window(project, demo):
        raise NoDisplayError("No window can be opened.")

    assert run(["demo"], replace(command_line, open_window=open_window)) == 0
    said = capfd.readouterr()
    assert said.err.startswith("tailspotter: No window can be opened. The demo runs without a window.\n")
    assert "300 simulated reviews" in said.out

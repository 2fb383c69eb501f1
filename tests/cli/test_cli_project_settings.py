"""The command project-settings."""


def test_settings_are_shown_changed_and_used(cli, coloured):
    assert cli("project-settings", coloured).out.splitlines() == [
        "medium from 20 images labelled yes, head from 100",
        "thresholds of suggestions: balanced",
    ]
    done = cli("project-settings", coloured, "--medium-from", 1, "--head-from", 2, "--suggestions", "recall")
    assert done.code == 0
    found = cli("project-settings", coloured, "--json").json
    assert found == {"medium_from": 1, "head_from": 2, "suggestions": "recall"}
    cli("label", coloured, "red0.png", "--yes", "red")
    cli("label", coloured, "red1.png", "--yes", "red")
    counted = cli("stats", coloured, "--json").json["categories"]
    assert {one["name"]: one["band"] for one in counted}["red"] == "head"


def test_bands_that_cross_are_refused(cli, coloured):
    done = cli("project-settings", coloured, "--medium-from", 100)
    assert done.code == 1 and "Medium from 100 and head from 100" in done.err

"""The numbers behind the plots of the window, on the command line."""

import csv
import json

import pytest


def test_all_plots_are_shown_without_a_name_and_what_needs_features_says_so(cli, folder):
    cli("label", folder, "one", "--yes", "cat", "--no", "dog")
    found = cli("insights", folder, "--json").json
    assert set(found) == {
        *("counts", "together", "quality", "reliability", "agreement", "days", "sessions"),
    }
    assert found["quality"] is None
    row = next(one for one in found["counts"] if one["category"] == "cat")
    assert row == {"category": "cat", "band": "tail", "yes": 1, "no": 0, "no_implied": 0}
    assert found["days"][0]["decisions"] == 2
    words = cli("insights", folder).out
    assert "tailspotter index" in words
    assert "no implied" in words


def test_one_plot_is_a_table_json_or_a_file(cli, folder, tmp_path):
    cli("label", folder, "one", "--yes", "cat")
    assert cli("insights", folder, "counts").out.splitlines()[0].split() == [
        *("category", "band", "yes", "no", "no", "implied"),
    ]
    told = cli("insights", folder, "counts", "--json").json
    assert told["plot"] == "counts"
    file = tmp_path / "counts.csv"
    written = cli("insights", folder, "counts", "--out", file, "--json").json
    assert written == {"plot": "counts", "path": str(file), "rows": len(told["rows"])}
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert [row["category"] for row in rows] == [row["category"] for row in told["rows"]]


def test_the_map_gives_the_place_of_each_image(cli, coloured):
    rows = cli("insights", coloured, "map", "--json").json["rows"]
    assert len(rows) == 6
    assert {"image", "x", "y"} == set(rows[0])
    assert json.dumps(rows)


@pytest.mark.parametrize(
    "arguments", [["--out", "x.csv"], ["counts", "--compute"], ["nonsense"], ["together", "--most", "1"]]
)
def test_what_does_not_fit_together_is_wrong_usage(cli, folder, arguments):
    assert cli("insights", folder, *arguments).code == 2

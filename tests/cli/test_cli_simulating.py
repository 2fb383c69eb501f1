import json


def truth_file(path):
    names = [f"{colour}{n}.png" for colour in ("red", "green", "blue") for n in (0, 1)]
    images = [{"path": name, "categories": [name[: -len("0.png")]]} for name in names]
    path.write_text(json.dumps({"categories": ["red", "green", "blue"], "images": images}), "utf-8")
    return path


def test_simulate_prints_what_each_queue_has_found(cli, coloured, tmp_path):
    truth = truth_file(tmp_path / "truth.json")
    plot = tmp_path / "curves.svg"
    result = cli(
        "simulate", coloured, "--truth", truth, "--page", "2", "--until", "1", "--plot", plot, "--json"
    )
    assert result.code == 0
    value = result.json
    assert list(value["queues"]) == ["rare", "uncertainty", "random"]
    for points in value["queues"].values():
        assert points[0]["reviewed"] == points[0]["rare_found"] == 0
        assert points[-1]["reviewed"] == value["images"] == 6
        assert points[-1]["rare_found"] == value["rare_positives"] == 6
    assert plot.read_text().startswith("<svg")
    assert cli("stats", coloured, "--json").json["images"]["reviewed"] == 0


def test_simulate_for_a_person_is_a_table(cli, coloured, tmp_path):
    result = cli("simulate", coloured, "--truth", truth_file(tmp_path / "t.json"), "--queue", "random")
    assert result.code == 0
    assert "rare found" in result.out
    assert "uncertainty" not in result.out


def test_truth_that_contradicts_itself_is_refused_with_both_entries(cli, coloured, tmp_path):
    truth = tmp_path / "truth.json"
    images = [{"path": "red0.png", "categories": ["red"]}, {"path": "./red0.png", "categories": []}]
    truth.write_text(json.dumps({"categories": ["red", "green"], "images": images}), "utf-8")
    result = cli("simulate", coloured, "--truth", truth)
    assert (result.code, result.out) == (1, "")
    assert f'{truth}: \'red\' is yes in images[0] "red0.png" and no in images[1] "./red0.png"' in result.err


def test_truth_of_another_folder_is_not_taken(cli, coloured, tmp_path):
    truth = tmp_path / "truth.json"
    images = [{"path": "other/red0.png", "categories": ["red"]}]
    truth.write_text(json.dumps({"categories": ["red"], "images": images}), "utf-8")
    result = cli("simulate", coloured, "--truth", truth)
    assert result.code == 1
    assert "None of the images" in result.err


def test_simulate_refuses_what_it_does_not_know(cli, coloured, tmp_path):
    truth = truth_file(tmp_path / "t.json")
    assert "rare, uncertainty, random" in cli("simulate", coloured, "--truth", truth, "--queue", "x").err
    missing = cli("simulate", coloured, "--truth", tmp_path / "none.json")
    assert (missing.code, missing.out) == (1, "")
    assert "none.json" in missing.err

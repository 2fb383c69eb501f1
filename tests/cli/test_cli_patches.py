"""Which features `index` keeps beside the embeddings of a project."""

import pytest


@pytest.mark.slow
def test_patch_tokens_are_kept_and_a_refusal_holds_until_it_is_taken_back(cli, folder):
    first = cli("index", folder, "--json").json
    assert (first["embedded"], first["patches"]) == (5, "pooled")
    assert first["bytes_needed"] > 0
    assert cli("index", folder, "--json").json["embedded"] == 0
    # Tokens that are there do no harm to who does not want them.
    assert [cli("index", folder, "--no-patches", "--json").json[key] for key in ("embedded", "patches")] == [
        0,
        "none",
    ]
    assert cli("index", folder, "--json").json["patches"] == "none"
    assert cli("index", folder, "--patches", "--json").json["patches"] == "pooled"
    assert cli("index", folder, "--full-patches", "--json").json["patches"] == "full"


@pytest.mark.slow
def test_a_project_without_tokens_gets_them_on_request(cli, folder):
    assert cli("index", folder, "--no-patches", "--json").json["embedded"] == 5
    assert cli("index", folder, "--patches", "--json").json["embedded"] == 5


def test_options_that_contradict_each_other_are_a_usage_error(cli, folder):
    result = cli("index", folder, "--full-patches", "--no-patches")
    assert result.code == 2
    assert "cannot be combined" in result.err

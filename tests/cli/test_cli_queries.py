"""Saved queries on the command line."""


def test_a_query_is_saved_listed_run_renamed_and_deleted(cli, folder):
    cli("label", folder, "one", "--yes", "cat")
    assert cli("queries", folder).out == ""
    assert cli("queries", folder, "--save", "Cats ", "--query", "cat sort:decided").code == 0
    assert cli("queries", folder, "--json").json == {"name": "Cats", "query": "cat sort:decided"}
    listed = [one["image"] for one in cli("list", folder, "--saved", "cats", "--json").lines]
    assert listed == [one["image"] for one in cli("list", folder, "cat", "--json").lines] != []
    assert cli("queries", folder, "--rename", "cats", "--to", "My cats").out == "My cats: cat sort:decided\n"
    assert cli("queries", folder, "--save", "my CATS", "--query", "-cat").out == "my CATS: -cat\n"
    assert cli("queries", folder, "--delete", "My cats").out == ""


def test_what_cannot_be_saved_or_found_is_said_in_a_sentence(cli, folder):
    cli("queries", folder, "--save", "Cats", "--query", "cat")
    cli("queries", folder, "--save", "Dogs", "--query", "dog")
    refused = {
        ("queries", folder, "--save", "x", "--query", "is:reviwed"): "did you mean is:reviewed?",
        ("queries", folder, "--save", "x", "--query", "catt"): "did you mean cat?",
        ("queries", folder, "--save", "x", "--query", " "): "there is nothing to save",
        ("queries", folder, "--save", "  ", "--query", "cat"): "A saved query needs a name",
        ("queries", folder, "--save", "n" * 81, "--query", "cat"): "at most 80 characters",
        ("queries", folder, "--rename", "Cats", "--to", "dogs"): "already a saved query 'Dogs'",
        ("queries", folder, "--delete", "Cat"): "There is no saved query 'Cat'; similar names: 'Cats'",
        ("list", folder, "--saved", "birds"): "There is no saved query 'birds'",
    }
    for arguments, sentence in refused.items():
        result = cli(*arguments)
        assert (result.code, result.out) == (1, ""), arguments
        assert sentence in result.err
    for arguments in (
        ("list", folder, "cat", "--saved", "Cats"),
        ("queries", folder, "--save", "x"),
        ("queries", folder, "--rename", "Cats"),
        ("queries", folder, "--delete", "Cats", "--rename", "Cats", "--to", "x"),
    ):
        assert cli(*arguments).code == 2
    assert [one["name"] for one in cli("queries", folder, "--json").lines] == ["Cats", "Dogs"]


def test_a_saved_query_follows_its_categories_through_a_renaming_and_its_undo(cli, folder):
    cli("label", folder, "one", "--yes", "cat")
    cli("queries", folder, "--save", "Cats", "--query", "cat OR (no:cat -dog) sort:name")
    cli("category", folder, "cat", "--rename", "house cat")
    line = 'Cats: "house cat" OR no:"house cat" -dog sort:name\n'
    assert cli("queries", folder).out == line
    assert len(cli("list", folder, "--saved", "Cats", "--json").lines) == 1
    cli("category", folder, "dog", "--rename", "cat")  # another one now has the name
    assert cli("queries", folder).out == line.replace("-dog", "-cat")
    cli("undo", folder)
    cli("undo", folder)
    assert cli("queries", folder).out == "Cats: cat OR (no:cat -dog) sort:name\n"


def test_a_saved_query_of_an_archived_category_is_renamed_and_follows_the_category(cli, folder):
    cli("queries", folder, "--save", "Cats", "--query", "cat")
    cli("category", folder, "cat", "--archive")
    assert cli("queries", folder, "--rename", "cats", "--to", "Felines").out == "Felines: cat\n"
    cli("category", folder, "cat", "--restore")
    cli("category", folder, "cat", "--rename", "house cat")
    assert cli("queries", folder).out == 'Felines: "house cat"\n'

import json
import pickle
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from training_parts import head

from cprfl_core.common import array_files
from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.common.tensor_files import digest_of, read_pair, write_pair
from cprfl_core.model.model_files import load_model, save_model

CARD = {"name": "first", "categories": ["cat", "dög"], "metrics": {"total": 0.5, "tail": None}}


@pytest.fixture
def saved(tmp_path):
    folder = tmp_path / "model"
    save_model(folder, head(), torch.randn(2, 10), torch.randn(2, 16), CARD)
    return folder


def weights_file(folder):
    (path,) = folder.glob("*.safetensors")
    return path


def rewrite(folder, *, document=lambda told: None, tensors=lambda held: None):
    """Alter a model and forge its digest, as somebody would who knows the format."""
    path = folder / "model.json"
    told, held = json.loads(path.read_text()), load_file(weights_file(folder))
    document(told), tensors(held)
    rest = {key: value for key, value in told.items() if key not in ("weights", "digest")}
    told["digest"] = digest_of(held, rest)
    save_file(held, weights_file(folder))
    path.write_text(json.dumps(told))


@pytest.mark.parametrize("options", [{}, {"interaction": "cross", "residual": True, "dropout": 0.3}], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64], ids=str)
def test_a_loaded_model_is_the_saved_one_to_the_last_bit(tmp_path, options, dtype):
    model = head(**options).to(dtype)
    text, delta = torch.randn(3, 10), torch.randn(3, 16)
    digest = save_model(tmp_path / "a", model, text, delta, CARD)
    state = torch.get_rng_state()
    loaded = load_model(tmp_path / "a")
    assert torch.equal(torch.get_rng_state(), state)
    assert loaded.model.arguments == model.arguments and not loaded.model.training
    before = model.state_dict()
    assert all(torch.equal(value, before[name]) for name, value in loaded.model.state_dict().items())
    assert torch.equal(loaded.text_features, text) and torch.equal(loaded.prompt_delta, delta)
    assert loaded.card == CARD and loaded.digest == digest
    assert all(weight.requires_grad for weight in loaded.model.parameters())


def test_the_digest_identifies_the_content(tmp_path):
    first = save_model(tmp_path / "a", head())
    assert save_model(tmp_path / "b", head()) == first
    assert save_model(tmp_path / "c", head(seed=1)) != first
    assert save_model(tmp_path / "d", head(), card={"name": "other"}) != first


def test_without_text_deltas_and_card_they_are_absent(tmp_path):
    save_model(tmp_path / "a", head())
    loaded = load_model(tmp_path / "a")
    assert loaded.text_features is None and loaded.prompt_delta is None and loaded.card == {}


def test_any_of_its_files_names_the_model(saved):
    assert load_model(saved / "model.json").digest == load_model(weights_file(saved)).digest


def test_saving_again_leaves_two_files(saved):
    save_model(saved, head(seed=3), card={"name": "second"})
    assert load_model(saved).card == {"name": "second"}
    assert len(list(saved.iterdir())) == 2


@pytest.mark.parametrize("name", ["model.pt", "weights.bin", "head.pth", "A.PT", "x.ckpt", "y.pkl"])
def test_a_pickle_is_refused_and_never_opened(tmp_path, name):
    class Trap:
        def __reduce__(self):
            return (tmp_path.joinpath("sprung").touch, ())

    (tmp_path / name).write_bytes(pickle.dumps(Trap()))
    for path in (tmp_path / name, tmp_path):
        with pytest.raises(ModelFileError, match=f"{name}.* pickle.*refused"):
            load_model(path)
    assert not (tmp_path / "sprung").exists()


def test_a_pickle_under_the_name_of_safetensors_is_refused(saved):
    weights_file(saved).write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(ModelFileError, match="not a safetensors"):
        load_model(saved)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.999])
def test_a_truncated_file_is_refused(saved, share):
    path = weights_file(saved)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelFileError, match="truncated"):
        load_model(saved)


@pytest.mark.parametrize("place", [1, 3000, 5000])
def test_one_flipped_bit_is_refused(saved, place):
    path = weights_file(saved)
    content = bytearray(path.read_bytes())
    content[-place] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"digest .* instead of"):
        load_model(saved)


def test_an_altered_card_is_refused_where_the_shapes_would_still_fit(saved):
    path = saved / "model.json"
    told = json.loads(path.read_text())
    told["architecture"]["arguments"].update(heads=3, dim_head=4)
    path.write_text(json.dumps(told))
    with pytest.raises(ModelFileError, match="digest"):
        load_model(saved)


@pytest.mark.parametrize("missing", ["json", "safetensors"])
def test_a_missing_file_is_named(saved, missing):
    (path,) = saved.glob(f"*.{missing}")
    path.unlink()
    with pytest.raises(ModelFileError, match=path.name):
        load_model(saved)


def test_a_folder_that_is_none_or_holds_something_else_is_refused(tmp_path):
    with pytest.raises(ModelFileError, match="no model folder"):
        load_model(tmp_path / "nowhere")
    with pytest.raises(ModelFileError, match=r"no model\.json.*empty"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '{"format": "other"}', '{"format": "tailspotter-head", "version": 99}', "[" * 99999],
)
def test_a_card_that_is_none_is_refused(saved, text):
    (saved / "model.json").write_text(text)
    with pytest.raises(ModelFileError, match=r"model\.json"):
        load_model(saved)


def test_a_card_that_points_out_of_its_folder_is_refused(saved, tmp_path):
    shutil.copy(weights_file(saved), tmp_path / "outside.safetensors")
    path = saved / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"weights": "../outside.safetensors"}))
    with pytest.raises(ModelFileError, match="altered"):
        load_model(saved)


def arguments(**changes):
    return lambda told: told["architecture"]["arguments"].update(changes)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (arguments(dim=32), r"visual\.weight is \[16, 12\] instead of \[32, 12\]"),
        (arguments(dim=15), "dim is 15"),
        (arguments(dim=10**12), "10{12}"),
        (arguments(dim="wide"), "wide"),
        (arguments(depth=3), "depth is in only one of them"),
        (lambda told: told["architecture"].update(name="ResNet"), "'ResNet', not 'CPRFL'"),
        (lambda told: told["architecture"].update(arguments=None), "lacks the arguments"),
    ],
    ids=["other size", "odd", "huge", "no number", "unknown argument", "other name", "no arguments"],
)
def test_another_architecture_is_refused_with_its_values(saved, document, words):
    rewrite(saved, document=document)
    with pytest.raises(ModelFileError, match=words):
        load_model(saved)


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        (
            lambda held: held["weights.visual.bias"].fill_(float("nan")),
            r"16 of the 16 numbers in weights\.vis",
        ),
        (lambda held: held.pop("weights.visual.bias"), r"weights\.visual\.bias is missing"),
        (lambda held: held.update(extra=torch.ones(2)), "extra is not part of it"),
        (
            lambda held: held.update(text_features=torch.ones(2, 9)),
            r"text_features is \[2, 9\] instead of \[2, 10\]",
        ),
        (lambda held: held.update({"weights.visual.bias": torch.ones(16).int()}), "int32"),
    ],
    ids=["nan", "missing", "extra", "text", "integers"],
)
def test_tensors_that_do_not_fit_are_refused_with_their_values(saved, tensors, words):
    rewrite(saved, tensors=tensors)
    with pytest.raises(ModelFileError, match=words):
        load_model(saved)


def test_what_is_expected_is_compared(saved):
    assert load_model(saved, expected={"backbone_dim": 12}).model.backbone_dim == 12
    with pytest.raises(ModelFileError, match="backbone_dim 12 where 256 is needed"):
        load_model(saved, expected={"backbone_dim": 256})


def test_what_cannot_be_loaded_is_not_saved(tmp_path):
    model = head()
    with torch.no_grad():
        model.visual.bias[3] = float("inf")
    with pytest.raises(InputError, match=r"1 of the 16 numbers in weights\.visual\.bias"):
        save_model(tmp_path / "a", model)
    with pytest.raises(InputError, match=r"prompt_delta is \[3, 16\] instead of \[4, 16\]"):
        save_model(tmp_path / "a", head(), torch.ones(4, 10), torch.ones(3, 16))
    with pytest.raises(InputError, match="JSON"):
        save_model(tmp_path / "a", head(), card={"when": object()})
    with pytest.raises(InputError, match="JSON"):
        save_model(tmp_path / "a", head(), card={"total": float("nan")})
    with pytest.raises(InputError, match="give a folder"):
        save_model(tmp_path / "a.safetensors", head())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("moment", range(2))
def test_a_disk_that_is_full_leaves_the_old_model_as_it_was(saved, monkeypatch, moment):
    before = load_model(saved)
    fsync, calls = array_files.os.fsync, iter(range(99))

    def full(descriptor):
        # Each file is flushed, then its folder: calls 0 and 2 are the files.
        if next(calls) == 2 * moment:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(array_files.os, "fsync", full)
    with pytest.raises(ModelFileError, match="full"):
        save_model(saved, head(seed=9))
    after = load_model(saved)
    assert after.digest == before.digest
    assert not list(saved.glob(".*"))


def test_a_loaded_model_does_not_change_with_its_file(saved):
    loaded = load_model(saved)
    before = {name: value.clone() for name, value in loaded.model.state_dict().items()}
    path = weights_file(saved)
    with path.open("r+b") as stream:
        stream.seek(2000)
        stream.write(bytes(path.stat().st_size - 2000))
    assert all(torch.equal(value, before[name]) for name, value in loaded.model.state_dict().items())


def test_models_of_similar_names_in_one_folder_leave_each_other_alone(tmp_path):
    for name in ("model", "model-old", "model"):
        write_pair(tmp_path, name, {"a": torch.rand(3)}, {})
    assert read_pair(tmp_path, "model-old")[0]["a"].shape == (3,)
    assert len(list(tmp_path.iterdir())) == 4


def test_tensors_that_share_memory_are_written_each_for_itself(tmp_path):
    both = torch.rand(4, 10)
    write_pair(tmp_path, "pair", {"a": both[:2], "b": both[2:], "c": both, "d": both.T}, {})
    held, _ = read_pair(tmp_path, "pair")
    assert torch.equal(held["b"], both[2:]) and torch.equal(held["d"], both.T)


def test_what_a_killed_writer_left_is_no_part_of_a_model_and_goes_with_the_next_writing(saved):
    for name in (
        "model-0123456789ab.safetensors",
        ".model.json.99.tmp",
        ".model-0123456789ab.safetensors.9.tmp",
    ):
        (saved / name).write_bytes(b"half")
    digest = load_model(saved).digest
    assert save_model(saved, head(), card={}) != digest
    assert sorted(path.suffix for path in saved.iterdir()) == [".json", ".safetensors"]


def test_a_place_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match="cannot be written"):
        save_model(tmp_path / "file" / "model", head())

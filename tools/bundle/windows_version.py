"""The version resource of the Windows executables, in PyInstaller's own form."""

from app import __version__


def version_resource() -> str:
    numbers = tuple(int(part) for part in __version__.split(".")[:3])
    strings = {
        "CompanyName": "The Tailspotter authors",
        "FileDescription": "Tailspotter: label image collections with many tags",
        "FileVersion": __version__,
        "InternalName": "tailspotter",
        "LegalCopyright": "Apache-2.0",
        "OriginalFilename": "tailspotter.exe",
        "ProductName": "Tailspotter",
        "ProductVersion": __version__,
    }
    table = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={(*numbers, 0)}, prodvers={(*numbers, 0)}), kids=["
        f"StringFileInfo([StringTable('040904B0', [{table}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])"
    )

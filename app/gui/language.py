"""The language of the window: Qt's translators, and how numbers and dates are written."""

from importlib.resources import as_file, files
from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.domain import language
from app.domain.language import Numbers

ENGLISH: Final = "en"
TRANSLATIONS: Final = ("de",)
"""Languages with a translation, besides English: the names of files in resources/translations."""
_NARROW_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
_installed: Final[list[QTranslator]] = []


def language_of(choice: str) -> str:
    """``en`` or ``de`` for a setting, which may be ``system``; English where there is no translation."""
    if choice != "system":
        return choice
    for wanted in QLocale.system().uiLanguages():
        code = wanted.replace("_", "-").split("-")[0]
        if code == ENGLISH or code in TRANSLATIONS:
            return code
    return ENGLISH


def install(application: QCoreApplication, choice: str) -> None:
    """Speak this language from now on. Widgets that exist keep their texts, so call it before the window."""
    code = language_of(choice)
    uninstall(application)
    if code == ENGLISH:
        return
    _add_own(application, code)
    _add(application, f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    system = QLocale.system()
    locale = system if system.name().startswith(f"{code}_") else QLocale(code)
    QLocale.setDefault(locale)
    language.install(QCoreApplication.translate, numbers_of(locale))


def uninstall(application: QCoreApplication) -> None:
    """Back to English."""
    for translator in _installed:
        application.removeTranslator(translator)
    _installed.clear()
    language.install(None)
    QLocale.setDefault(QLocale(QLocale.Language.English))


def numbers_of(locale: QLocale) -> Numbers:
    return Numbers(locale.groupSeparator(), locale.decimalPoint(), _NARROW_SPACE)


def _add_own(application: QCoreApplication, code: str) -> None:
    with as_file(files("resources") / "translations") as folder:
        _add(application, f"tailspotter_{code}", str(folder))


def _add(application: QCoreApplication, name: str, folder: str) -> None:
    translator = QTranslator(application)
    if translator.load(name, folder):
        application.installTranslator(translator)
        _installed.append(translator)

"""The style sheet made from the tokens. What Fusion draws well from the palette is left out."""

from collections.abc import Callable

from app.gui.theme.tokens import RADIUS, SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tokens, mix

_TEMPLATE = """
QToolTip {{
    color: {text}; background: {raised}; border: 1px solid {border}; padding: {xs}px {s}px;
}}
QFrame[panel="ground"], QWidget[panel="ground"] {{ background: {ground}; }}
QFrame[panel="surface"], QWidget[panel="surface"] {{ background: {surface}; }}
QFrame[panel="raised"] {{ background: {raised}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame[panel="overlay"] {{ background: {surface}; border: 1px solid {border}; border-radius: {radius}px; }}
QFrame[panel="banner"] {{
    background: {banner}; border: 1px solid {line}; border-radius: {radius}px; margin: 0px;
}}
QFrame[panel="strip"] {{ background: {banner}; border: none; border-bottom: 1px solid {line}; }}
QFrame[panel="toast"] {{ background: {toast}; border: 1px solid {border}; border-radius: {radius}px; }}
QFrame[panel="popup"] {{ background: {raised}; border: 1px solid {border}; border-radius: {radius}px; }}

QPushButton {{
    color: {text}; background: {raised}; border: 1px solid {line}; border-radius: {radius}px;
    padding: {button_y}px {m}px; min-height: {control}px; outline: none;
}}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed, QPushButton:checked {{ background: {selection}; border-color: {accent}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: {button_focus_y}px {button_focus_x}px; }}
QPushButton:disabled {{ color: {faded}; background: {ground}; }}
QPushButton[role="primary"] {{ color: {on_accent}; background: {accent}; border-color: {accent}; }}
QPushButton[role="primary"]:hover {{ background: {accent_hover}; }}
QPushButton[role="primary"]:focus {{ border-color: {text}; }}
QPushButton[role="primary"]:disabled {{ color: {faded}; background: {line}; border-color: {line}; }}
QPushButton[role="quiet"], QToolButton {{
    color: {text}; background: transparent; border: 1px solid transparent; border-radius: {radius}px;
    padding: {xs}px {s}px;
}}
QPushButton[role="quiet"]:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton[role="quiet"]:pressed, QToolButton:pressed, QToolButton:checked {{ background: {selection}; }}
QPushButton[role="quiet"]:focus, QToolButton:focus {{ border: 1px solid {accent}; }}
QToolButton[role="bare"] {{ padding: 0px; }}
QToolButton[role="chip"] {{ border: 1px solid {handle}; background: {raised}; padding: 2px {s}px; }}
QToolButton[role="chip"]:hover {{ background: {hover}; }}
QToolButton[role="chip"]:focus {{ border: 1px solid {accent}; }}
QToolButton[popupMode="2"] {{ padding-right: {menu_room}px; }}
QToolButton::menu-indicator {{ subcontrol-origin: padding; subcontrol-position: center right; right: {s}px; }}
QPushButton[role="link"] {{
    color: {accent}; background: transparent; border: 1px solid transparent; padding: 0px; min-height: 0px;
    text-decoration: underline; text-align: left;
}}
QPushButton[role="link"]:focus {{ border: 1px solid {accent}; border-radius: 2px; padding: 0px; }}

QLineEdit, QPlainTextEdit, QTextEdit {{
    color: {text}; background: {surface}; border: 1px solid {border}; border-radius: {radius}px;
    padding: {xs}px {s}px; selection-background-color: {accent}; selection-color: {on_accent};
}}
QComboBox, QSpinBox {{ min-height: {control}px; }}
QComboBox QAbstractItemView::item:disabled {{ color: {faded}; }}
QLineEdit {{ min-height: {control}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 1px solid {accent}; }}
QLineEdit:disabled, QLineEdit:read-only {{ color: {quiet}; background: {ground}; border-color: {line}; }}
QLineEdit[invalid="true"] {{ border: 1px solid {no}; }}

QCheckBox::indicator {{ width: {mark}px; height: {mark}px; }}
QRadioButton::indicator {{
    width: {radio}px; height: {radio}px; border: 1px solid {quiet}; border-radius: {radio_round}px;
    background: {surface};
}}
QRadioButton::indicator:checked {{ width: {dot}px; height: {dot}px; border: {ring}px solid {accent}; }}
QRadioButton::indicator:focus {{ border-color: {accent}; }}
QRadioButton::indicator:checked:focus {{ border-color: {text}; }}
QRadioButton::indicator:disabled {{ border-color: {faded}; }}

QListView, QTreeView, QTableView {{
    color: {text}; background: {surface}; border: none; outline: none;
    alternate-background-color: {ground}; gridline-color: {line};
    selection-background-color: {selection}; selection-color: {text};
}}
QListView[panel="raised"], QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {border}; }}
QListView::item, QTreeView::item {{ padding: {xs}px; border-radius: {xs}px; }}
QTableView[cells="text"]::item {{ padding: 0px {xs}px; }}
QListView::item:hover, QTreeView::item:hover {{ background: {hover}; }}
QListView::item:selected, QTreeView::item:selected {{ color: {text}; background: {selection}; }}
QHeaderView::section {{
    color: {quiet}; background: {surface}; border: none; border-bottom: 1px solid {line};
    padding: {xs}px {s}px;
}}

QMenu {{ color: {text}; background: {raised}; border: 1px solid {border}; padding: {xs}px; }}
QMenu::item {{ padding: {xs}px {m}px; border-radius: {xs}px; }}
QMenu::item:selected {{ color: {text}; background: {selection}; }}
QMenu::item:disabled {{ color: {faded}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: {xs}px {s}px; }}

QScrollBar {{ background: transparent; border: none; margin: 0px; }}
QScrollBar:vertical {{ width: {bar}px; }}
QScrollBar:horizontal {{ height: {bar}px; }}
QScrollBar::handle {{ background: {handle}; border: 3px solid {ground}; border-radius: {radius}px; }}
QScrollBar::handle:vertical {{ min-height: {grip}px; }}
QScrollBar::handle:horizontal {{ min-width: {grip}px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: {ground}; }}

QProgressBar {{
    color: {text}; background: {line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
}}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QSlider::groove:horizontal {{ height: 4px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    width: {mark}px; height: {mark}px; margin: -{slider}px 0px; border-radius: {slider_round}px;
    background: {text};
}}
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover {{ background: {accent}; }}
QSplitter::handle {{ background: {line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {line}; }}
QTabBar::tab {{
    color: {quiet}; background: transparent; border: none; border-bottom: 2px solid transparent;
    padding: {s}px {m}px;
}}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover, QTabBar::tab:focus {{ color: {text}; background: {hover}; }}
"""


def make_stylesheet(tokens: Tokens, pixels: Callable[[int], int]) -> str:
    """``pixels`` scales a length for a 13 pixel font to the system's font."""
    names = ("ground", "surface", "raised", "line", "border", "text", "quiet", "selection", "no")
    colours = {name: getattr(tokens, name) for name in (*names, "accent", "on_accent")}
    radio, ring, mark = pixels(12), pixels(4), pixels(14)
    return _TEMPLATE.format(
        **colours,
        mark=mark,
        radio=radio,
        radio_round=radio // 2 + 1,
        ring=ring,
        dot=radio + 2 - 2 * ring,  # as large with its ring as the empty one with its border
        slider=(mark - 4) // 2,
        slider_round=mark // 2,
        hover=mix(tokens.raised, tokens.text, 0.07),
        accent_hover=mix(tokens.accent, tokens.text, 0.15),
        faded=mix(tokens.quiet, tokens.ground, 0.45),
        handle=mix(tokens.line, tokens.quiet, 0.35),
        toast=tokens.raised,
        banner=tokens.selection,
        radius=RADIUS,
        xs=SPACE_XS,
        s=SPACE_S,
        m=SPACE_M,
        menu_room=SPACE_L,
        button_y=5,
        button_focus_y=4,
        button_focus_x=SPACE_M - 1,
        control=pixels(18),
        bar=max(12, pixels(12)),
        grip=pixels(36),
    )

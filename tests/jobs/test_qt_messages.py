import logging

import pytest
from PySide6.QtCore import qDebug, qInstallMessageHandler, qWarning

from app.jobs.qt_messages import qt_messages_logged


@pytest.mark.no_qt_log
def test_qt_speaks_into_the_log_and_not_onto_the_terminal(caplog, capfd):
    with caplog.at_level(logging.DEBUG, logger="qt"), qt_messages_logged():
        qWarning("something odd 100%")
        qDebug("a detail")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "default: something odd 100%"),
        ("DEBUG", "default: a detail"),
    ]
    assert capfd.readouterr().err == ""


@pytest.mark.no_qt_log
def test_the_previous_handler_is_restored():
    heard = []
    before = qInstallMessageHandler(lambda kind, context, message: heard.append(message))
    try:
        with qt_messages_logged():
            qWarning("inside")
        qWarning("after")
    finally:
        qInstallMessageHandler(before)
    assert heard == ["after"]
